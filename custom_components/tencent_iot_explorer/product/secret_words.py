"""Whether an id or a name reads like that of a secret."""

from collections.abc import Set as AbstractSet
from functools import lru_cache
import re
import unicodedata

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_a-zA-Z]+")
_REMARK = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]\W*$")
# Also where nothing but small letters is written, as in `wifipassword`.
_LONG_WORDS = (
    *("password", "passwd", "passcode", "pwd", "secret", "token"),
    *("pincode", "checkcode", "verifycode"),
    *("apikey", "appkey", "secretkey", "privatekey", "usersig"),
)
# Inside another word these mean nothing: `spin`, `monkey`.
_SHORT_WORDS = {"pin", "key", "sig"}
# A number that is called a key says which key of several.
_SHORT_WORDS_OF_NUMBERS = {"pin"}
_CODES = {"check", "verify", "verification", "pass", "pin"}
_CHARACTERS = (
    *("密码", "密碼", "口令", "验证码", "驗證碼", "校验码", "校驗碼"),
    *("密钥", "密鑰", "秘钥", "秘鑰", "私钥", "私鑰", "令牌"),
)
# A name that ends so is that of a mark or a number, whatever the id is.
_MARKS = {"id", "ids", "identifier", "number"}
_MARK_CHARACTERS = (
    *("标识", "標識", "标识符", "標識符", "标记", "標記"),
    *("编号", "編號", "序号", "序號"),
)


@lru_cache(maxsize=1024)
def names_secret(identifier: str, name: str, *, is_number: bool = False) -> bool:
    """Return whether id or name is a secret's word, or ends in one."""
    short_words = _SHORT_WORDS_OF_NUMBERS if is_number else _SHORT_WORDS
    name = unicodedata.normalize("NFKC", name)
    name_words = _words(name)
    if name_words and (
        name_words[-1] in _MARKS or name_words[-1].endswith(_MARK_CHARACTERS)
    ):
        return False
    return any(
        _end_in_secret(words, short_words)
        for words in (_words(identifier), name_words, _words(_REMARK.sub("", name)))
    )


def _words(text: str) -> list[str]:
    """Return the words of an id or a name in small letters, without digits."""
    return [word.lower() for word in _WORDS.findall(text)]


def _end_in_secret(words: list[str], short_words: AbstractSet[str]) -> bool:
    """Return whether the last of some words mean a secret."""
    if not words:
        return False
    last = words[-1]
    if last == "code" or last in ("码", "碼"):
        return len(words) > 1 and words[-2] in _CODES
    if last in short_words or last.endswith(_LONG_WORDS + _CHARACTERS):
        return True
    # Programmers also write `passWord`.
    return len(words) > 1 and words[-2] + last in _LONG_WORDS
