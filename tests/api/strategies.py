"""Input of every kind: right, nearly right, and hostile."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
import json
from typing import Any, override

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from custom_components.tencent_iot_explorer.api.data_template import (
    Choice,
    DataType,
    DeviceAction,
    Integer,
    Number,
    Parameter,
    Text,
    Timestamp,
)
from tests.api.helpers import ALL_TYPES, make_action, parse_actions

# What Python can hardly hold or not write, each for a text that stands in its place.
_IN_PLACE_OF = {
    '"<digits>"': "9" * 4000,
    '"<endless digits>"': "9" * 5000,
    '"<deep>"': "[" * 3000 + "]" * 3000,
    '"<too deep>"': "[" * 100_000 + "]" * 100_000,
}
_ODD_TEXTS = (
    *("", " ", "0", "1", "-1", "+1", "01", "1.5", ".5", "1e3", "1e-999", "1e999", "１"),
    *("undefined", "NaN", "Infinity", "9" * 5000, "on", "false", "2019-01-01T12:00"),
    *("\ud800", "a\udfffb", "\x00", "a\nb", "\u202e", "🐈", "长" * 200, "x" * 100_000),
    *("{}", '{"a": 1}', '{"\\ud800": 1e999}', "[" * 100_000, '{"a":' * 5000),
)
_SCALARS = (
    st.sampled_from((None, False, True)),
    st.integers(-3, 70),
    st.integers(),
    st.sampled_from((2**53, 2**63 - 1, 2**63, -(2**63), 2**64, 10**400)),
    st.floats(),
)
TEXTS = st.one_of(
    st.sampled_from(_ODD_TEXTS),
    st.text(max_size=20),
    st.text(st.characters(), max_size=20),
    st.text("0123456789.eE+- \ud800", max_size=20),
)


def nearly(
    right: SearchStrategy[Any], wrong: SearchStrategy[Any] | None = None
) -> SearchStrategy[Any]:
    """Return mostly what is right, and at times anything else."""
    wrong = JSON if wrong is None else wrong
    return seldom().flatmap(lambda is_wrong: wrong if is_wrong else right)


def mostly(
    usual: SearchStrategy[Any], *others: SearchStrategy[Any]
) -> SearchStrategy[Any]:
    """Return the usual two times in three, and else one of the others."""
    return st.sampled_from((True, True, False)).flatmap(
        lambda is_usual: usual if is_usual else st.one_of(*others)
    )


def seldom() -> SearchStrategy[bool]:
    """Return once in a while true."""
    return st.sampled_from((*[False] * 11, True))


@st.composite
def one_object(draw: DrawFn, **parts: SearchStrategy[Any]) -> dict[str, Any]:
    """Return objects, some of whose parts are missing or wrong."""
    missing = draw(st.sets(st.sampled_from(tuple(parts)))) if draw(seldom()) else ()
    return {
        name: draw(nearly(part)) for name, part in parts.items() if name not in missing
    }


def nest(value: object, levels: int) -> object:
    """Return a value inside so many lists and objects."""
    for level in range(levels):
        value = {"deeper": value} if level % 2 else [value]
    return value


def write(document: object) -> str:
    """Return a document as JSON, with the numbers and depths that Python cannot write."""
    text = json.dumps(document)
    for mark, stands_for in _IN_PLACE_OF.items():
        text = text.replace(mark, stands_for)
    return text


_DEPTHS = st.sampled_from((1, 1, 1, 1, 2, 2, 30, 31, 32, 33))
JSON: SearchStrategy[Any] = st.recursive(
    # Not those two that make a whole document unreadable.
    st.one_of(*_SCALARS, TEXTS, st.sampled_from(("<digits>", "<deep>"))),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXTS, inner, max_size=4)
        | st.builds(nest, inner, _DEPTHS)
    ),
    max_leaves=8,
)

_NAMES = st.text(max_size=12)
_NUMBERS = st.integers(-20, 20) | st.floats(-20, 20)
_LIMITS = _NUMBERS | _NUMBERS.map(str) | st.just("undefined")
_KEYS = st.integers(-3, 12).map(str) | st.text(max_size=3)
_PLAIN_DEFINES = one_object(
    type=st.sampled_from([*ALL_TYPES, "Int", "BOOL", "struct", "array"]),
    mapping=st.dictionaries(nearly(_KEYS, TEXTS), nearly(_NAMES), max_size=6),
    min=_LIMITS,
    max=_LIMITS,
    step=_LIMITS,
    start=_LIMITS,
    unit=_NAMES,
)
_DECLARED = st.sampled_from(("go", "level", "a", "b", "c", "a-B_9", "x" * 128))
_IDENTIFIERS = nearly(_DECLARED, TEXTS)


def _with_parts(define: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Return definitions that are made of others."""
    members = one_object(id=_IDENTIFIERS, name=_NAMES, dataType=define)
    return one_object(
        type=st.sampled_from(("struct", "array")),
        specs=st.lists(nearly(members), max_size=3),
        arrayInfo=define,
    )


DEFINES = mostly(
    _PLAIN_DEFINES, st.recursive(_PLAIN_DEFINES, _with_parts, max_leaves=4)
)
PARAMETERS = one_object(id=_IDENTIFIERS, name=_NAMES, define=DEFINES)
ACTIONS = one_object(
    id=_IDENTIFIERS,
    name=_NAMES,
    desc=_NAMES,
    input=st.lists(nearly(PARAMETERS), max_size=3),
    output=st.lists(nearly(PARAMETERS), max_size=2),
)
PROPERTIES = one_object(
    id=_IDENTIFIERS, name=_NAMES, mode=st.sampled_from(("r", "rw")), define=DEFINES
)
EVENTS = one_object(
    id=_IDENTIFIERS,
    name=_NAMES,
    type=st.sampled_from(("info", "alert", "fault")),
    params=st.lists(nearly(PARAMETERS), max_size=3),
)
TEMPLATES = one_object(
    version=_NAMES,
    actions=st.lists(nearly(ACTIONS), min_size=1, max_size=4),
    properties=st.lists(nearly(PROPERTIES), max_size=3),
    events=st.lists(nearly(EVENTS), max_size=2),
)


def cut_short(texts: SearchStrategy[str]) -> SearchStrategy[str]:
    """Return texts without their end."""
    return st.tuples(texts, st.integers(1, 50)).map(lambda both: both[0][: -both[1]])


TEMPLATE_TEXTS = mostly(TEMPLATES.map(write), cut_short(TEMPLATES.map(write)), TEXTS)


class Endless(list[object]):
    """A list that cannot be shown, because it is too deep or would fill any memory."""

    @override
    def __repr__(self) -> str:
        """Return a word in its place."""
        return "Endless(…)"


class Huge(int):
    """An integer of more digits than Python writes."""

    @override
    def __repr__(self) -> str:
        """Return a word in its place."""
        return "Huge(…)"


def double(times: int) -> list[object]:
    """Return a list that holds another one twice, and so on."""
    doubled = Endless()
    for _ in range(times):
        doubled = Endless([doubled, doubled])
    return doubled


CIRCLE = Endless()
CIRCLE += [CIRCLE, CIRCLE]
_ZONES = st.sampled_from((None, UTC, timezone(timedelta(hours=-14))))
_TIMES = st.datetimes(timezones=_ZONES) | st.datetimes(datetime(1980, 1, 1))
# What a caller of a service can pass, in YAML or in code.
ANYTHING: SearchStrategy[Any] = st.recursive(
    st.one_of(
        *_SCALARS,
        TEXTS,
        _TIMES,
        _TIMES.map(str),
        st.sampled_from((b"", Decimal("0.1"), Huge(10**5000))),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(TEXTS | st.integers() | st.floats(), inner, max_size=4),
        st.sampled_from((double(30), CIRCLE, {1, 2})),
        st.builds(nest, inner, _DEPTHS),
    ),
    max_leaves=8,
)


def parse_parameter(declared: object) -> Parameter | None:
    """Return the parameter that a declaration makes, if it makes one."""
    action = parse_actions({"id": "go", "input": [declared]}).actions.get("go")
    return action.inputs[0] if action else None


def _right_values(parameter: Parameter) -> SearchStrategy[Any]:
    """Return values that a person would give a parameter."""
    if isinstance(parameter.type, Choice):
        choices = parameter.type.choices
        return st.one_of(
            st.sampled_from([*choices, *choices.values()]),
            st.booleans(),
            st.integers(0, 3),
        )
    by_type: dict[type[DataType], SearchStrategy[Any]] = {
        Integer: st.integers(-20, 20) | _LIMITS,
        Number: _LIMITS,
        Text: st.text(),
        Timestamp: st.integers(0, 2**40) | _TIMES | _TIMES.map(str),
    }
    return by_type.get(type(parameter.type), JSON)


@st.composite
def calls(draw: DrawFn) -> tuple[DeviceAction, dict[str, object]]:
    """Return an action, and what somebody calls it with."""
    declared = draw(st.dictionaries(_DECLARED, DEFINES, max_size=4))
    found = [parse_parameter({"id": key, "define": declared[key]}) for key in declared]
    inputs = {parameter.id: parameter for parameter in found if parameter}
    values = {
        identifier: draw(mostly(_right_values(parameter), ANYTHING))
        for identifier, parameter in inputs.items()
    }
    if draw(seldom()):
        values |= draw(st.dictionaries(TEXTS, ANYTHING, max_size=2))
    if values and draw(seldom()):
        values.popitem()
    return make_action(*inputs.values()), values


_CODES = st.sampled_from(
    (
        *("InternalError", "InternalError|InvalidParameter.X|text", "RequestLimit"),
        *("AuthFailure.SignatureExpire", "FailedOperation.Timeout", "-1", "1001"),
        *("ResourceNotFound.DeviceNotExist", "UnauthorizedOperation.Device", "A.B|c"),
    )
)
ERRORS = one_object(
    Code=_CODES | TEXTS, Message=st.one_of(_CODES, _CODES.map(lambda x: f"{x}|{x}"))
)
DEVICES = one_object(
    DeviceName=_IDENTIFIERS,
    Status=st.integers(-1, 5),
    Version=_NAMES,
    DevicePsk=st.just("secret-psk"),
    DeviceCert=st.just("secret-psk"),
)
PRODUCTS = one_object(
    ProductId=_IDENTIFIERS,
    ProductName=_NAMES,
    ProjectId=_IDENTIFIERS,
    DataProtocol=st.sampled_from((1, 2, "1")),
    DeviceCount=st.integers(-1, 2**60),
    DevStatus=st.sampled_from(("dev", "released", "")),
)
PROJECTS = one_object(ProjectId=_IDENTIFIERS, ProjectName=_NAMES)
OUTPUTS = st.one_of(
    JSON, JSON.map(write), st.dictionaries(st.sampled_from("abc"), JSON).map(write)
)
REPORTS = st.dictionaries(
    _IDENTIFIERS,
    nearly(one_object(Value=JSON, LastUpdate=st.integers(0, 2**60))),
    max_size=3,
)
RESULTS = one_object(
    Sent=st.sampled_from((0, 1, "1")), pushResult=st.sampled_from((0, 23101, None))
)
RECORDS = one_object(
    EventId=_IDENTIFIERS,
    Type=st.sampled_from(("info", "alert")),
    TimeStamp=st.integers(1, 2**50) | st.integers(1, 2**50).map(str),
    Data=OUTPUTS,
)
PAYLOADS = one_object(
    Data=REPORTS | REPORTS.map(write),
    Result=RESULTS | RESULTS.map(write),
    EventHistory=st.lists(nearly(RECORDS), max_size=3) | st.none(),
    Context=_NAMES,
    Model=one_object(
        ModelDefine=TEMPLATES.map(write) | TEXTS, UpdateTime=st.integers(0, 2**40)
    ),
    Devices=st.lists(nearly(DEVICES), max_size=3) | DEVICES | st.none(),
    Device=DEVICES,
    Products=st.lists(nearly(PRODUCTS), max_size=3) | PRODUCTS | st.none(),
    Projects=st.lists(nearly(PROJECTS), max_size=3) | PROJECTS | st.none(),
    Total=st.integers(0, 3),
    ClientToken=_NAMES,
    Status=st.sampled_from(("", "Fail", "succ", "FailedOperation.Timeout|x")) | TEXTS,
    OutputParams=OUTPUTS,
    RequestId=_NAMES,
)


def put_in_response(inner: object, _: object) -> dict[str, object]:
    """Return an envelope as the service API has it."""
    return {"Response": inner}


def put_in_data(inner: object, code: object) -> dict[str, object]:
    """Return an envelope as the sister interfaces have it."""
    return {"code": code, "msg": "", "data": inner}


WRAPS: SearchStrategy[list[Callable[[object, object], dict[str, object]]]] = st.lists(
    st.sampled_from((put_in_response, put_in_data)), max_size=2
)


@st.composite
def replies(draw: DrawFn) -> str:
    """Return an envelope with a payload, either of which may be wrong."""
    document = draw(nearly(PAYLOADS))
    for wrap in draw(WRAPS):
        if isinstance(document, dict) and draw(st.sampled_from((False, False, True))):
            document["Error"] = draw(nearly(ERRORS))
        document = wrap(document, draw(nearly(st.sampled_from((0, "0", None)))))
        document |= draw(nearly(one_object(RequestId=_NAMES), PAYLOADS))
    return write(document)


BODIES = mostly(
    replies().map(str.encode),
    cut_short(replies()).map(str.encode),
    JSON.map(write).map(str.encode),
    TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(),
)
