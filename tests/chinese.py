"""How Chinese is to be written."""

import re

_NOT_PROSE = re.compile(
    r"^```.*?^```$"  # Blocks of code,
    r"|`[^`]*`"  # code in a line,
    r"|(?<=\])\([^)\s]*\)"  # where a link leads to,
    r"|^> .*$",  # and quoted formulas.
    re.DOTALL | re.MULTILINE,
)
_CHINESE = "\u3400-\u9fff“”「」（）"
_HALF_WIDTH = re.compile(
    rf"[{_CHINESE}{{}}]\s?[,;:!?()](?!\d)"  # Behind a Chinese word or a placeholder,
    rf"|[,;:!?()]\s?[{_CHINESE}]"  # before one,
    rf"|[{_CHINESE}]\.(?!\w)"  # a full stop,
    r"|[\"']"  # or a typewriter's quotation mark.
)
# Names that Tencent and Home Assistant give, and what is no service of Home Assistant.
_OTHER_SERVICES = re.compile(
    "应用服务|第三方服务|提供服务|提供服務|服务端 API|服務端 API|服务器"
    "|设备与服务|裝置與服務"
)


def half_width(text: str) -> list[str]:
    """Return the punctuation of a text that is not Chinese where it should be."""
    prose = _NOT_PROSE.sub("", text)
    return [
        prose[max(0, match.start() - 10) : match.end() + 10]
        for match in _HALF_WIDTH.finditer(prose)
    ]


def services(text: str) -> list[str]:
    """Return where a text calls that a service which Home Assistant calls an action."""
    return re.findall(".{,10}(?:服务|服務).{,10}", _OTHER_SERVICES.sub("", text))
