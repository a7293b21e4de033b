"""The one place where secrets are taken out of what comes from outside.

It stands between what a reply or an exception says, by which it is judged as it is, and
everybody who could keep it: results, errors, and the log.
"""

from collections.abc import Iterable, Iterator
import copy
from dataclasses import replace
import string
from typing import Self, assert_never, cast

from .errors import BrokenReplyError, TencentIotError
from .escapes import encoded_runs, unescaped, views
from .models import (
    ActionReceipt,
    ActionReply,
    Device,
    DeviceData,
    DevicePage,
    EventPage,
    EventRecord,
    ModelDefinition,
    Page,
    Product,
    Project,
    TopicRule,
    WriteReceipt,
)
from .texts import shorten

type Result = (
    ActionReceipt
    | Device
    | DeviceData
    | DevicePage
    | EventPage
    | ModelDefinition
    | Page[Product | Project]
    | TopicRule
    | WriteReceipt
    | None
)

_MARK = "…"
_LONGEST_TEXT = 512
_LONGEST_CODE = 128
_LONGEST_REQUEST_ID = 128
# More than is kept in the end, because escapes and secrets are longer than what is left.
_LONGEST_READ = 8192
# What is shorter stands in any text by chance.
_SHORTEST_INSIDE = 3
# By so many characters a secret is known of which the rest was cut off.
_SHORTEST_CUT, _SURELY_CUT = 6, 8
_MOST_ENCODINGS = 2
_ALPHANUMERIC = frozenset(string.ascii_letters + string.digits)
# In an address a blank is a plus; the other letter is two in small.
_ALIKE = str.maketrans("+İ", " i")


class Sanitizer:
    """Takes the secrets of one request out of everything that its reply brings.

    They are found as they are, with the escapes of JSON, of addresses and of HTML, in
    Base64 and in hexadecimal digits, all that also inside each other, and cut off at the
    end. A secret of one or two characters is hidden where it stands alone.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        """Keep the secrets as they are looked for."""
        forms = {form for secret in secrets for form in (secret, unescaped(secret))}
        alike = {_alike(form) for form in forms if form}
        self._short = {secret for secret in alike if len(secret) < _SHORTEST_INSIDE}
        # By its beginning, which stands wherever it does, whole or cut off.
        self._long = {secret: _beginning(secret) for secret in alike - self._short}
        self._least = min((len(secret.encode()) for secret in self._long), default=0)

    @classmethod
    def of_request(cls, *keys: str, values: str, secrets: Iterable[str]) -> Self:
        """Return what hides keys, all that is for a device, and what is secret of it."""
        return cls((*keys, *secrets, *([values] if values != "{}" else [])))

    def text(self, text: str, most: int = _LONGEST_TEXT) -> str:
        """Return a text without secrets, cut only then."""
        hidden = self._hidden(text[:_LONGEST_READ])
        if len(text) >= _LONGEST_READ and len(hidden) <= most:
            # Here a secret may have been cut, of which too little is left to be found.
            hidden = hidden[: hidden.rfind(_MARK) + 1]
        return shorten(hidden, most)

    def request_id(self, request_id: str, own: str) -> str:
        """Return a RequestId of the cloud, our own where it is none or holds a secret."""
        if request_id in ("", own) or not self._is_clean(request_id[:_LONGEST_READ]):
            return own
        return shorten(request_id, _LONGEST_REQUEST_ID)

    def error(self, err: TencentIotError, own_request_id: str) -> TencentIotError:
        """Return an error of the same meaning, without secrets and causes."""
        error = copy.copy(err)
        error.message = self.text(err.message)
        error.code = self.text(err.code, _LONGEST_CODE)
        error.request_id = self.request_id(err.request_id, own_request_id)
        return error

    def result[ResultT: Result](self, result: ResultT) -> ResultT:
        """Return what a call brought, without secrets; its RequestId has been judged.

        Raises BrokenReplyError for a device by whose name nobody could call it.
        """
        return cast(ResultT, self._result(result))

    def _result(self, result: Result) -> Result:
        """Return what a call brought, without secrets."""
        match result:
            case ActionReceipt():
                return self._receipt(result)
            case DevicePage():
                # All at once, because there are many of them and next to never a secret.
                names = (f"{item.name}\0{item.firmware}" for item in result.devices)
                if self._is_clean("\0".join((*names, *result.unusable))):
                    return result
                devices = tuple(filter(None, map(self._device, result.devices)))
                unusable = tuple(map(self.text, result.unusable))
                return replace(result, devices=devices, unusable=unusable)
            case Page():
                return self._page(result)
            case Device():
                if device := self._device(result):
                    return device
                raise BrokenReplyError("the reply holds no device")
            case WriteReceipt() | None:
                return result
            case TopicRule():
                return self._rule(result)
            case DeviceData():
                reports = {
                    key: replace(report, value=self._value(report.value))
                    for key, report in result.reports.items()
                    if self._is_clean(key)
                }
                return replace(result, reports=reports)
            case EventPage():
                events = tuple(
                    self._event(event)
                    for event in result.events
                    if self._is_clean(event.event_id)
                )
                # It goes into the next request as it is, which may be logged.
                context = result.context if self._is_clean(result.context) else ""
                return replace(result, events=events, context=context)
            case ModelDefinition():
                return replace(result, model_define=self._hidden(result.model_define))
            case _:
                assert_never(result)

    def _page[ItemT: Product | Project](self, page: Page[ItemT]) -> Page[ItemT]:
        """Return a part of a list without secrets, and without what has one as its id."""
        items = {
            key: self._item(item)
            for key, item in page.items.items()
            if self._is_clean(key)
        }
        others = (*page.others, *(page.items.keys() - items.keys()))
        return replace(page, items=items, others=tuple(map(self.text, others)))

    def _item[ItemT: Product | Project](self, item: ItemT) -> ItemT:
        """Return a product or a project without secrets."""
        if isinstance(item, Product):
            item = replace(item, project_id=self.text(item.project_id))
        return replace(item, name=self.text(item.name))

    def _device(self, device: Device) -> Device | None:
        """Return a device without secrets, none if its name holds one."""
        if not self._is_clean(device.name):
            return None
        firmware = device.firmware and self.text(device.firmware)
        return replace(device, firmware=firmware)

    def _receipt(self, receipt: ActionReceipt) -> ActionReceipt:
        """Return a receipt without secrets, and what the device answered, if it did."""
        receipt = replace(
            receipt,
            client_token=self.text(receipt.client_token),
            status=self.text(receipt.status),
        )
        if isinstance(receipt, ActionReply):
            outputs = cast(dict[str, object] | str, self._value(receipt.outputs))
            return replace(receipt, outputs=outputs)
        return receipt

    def _rule(self, rule: TopicRule) -> TopicRule:
        """Return a rule without secrets; one that sends them somewhere is none of ours."""
        return replace(
            rule,
            name=self.text(rule.name),
            sql=self.text(rule.sql),
            address=rule.address if self._is_clean(rule.address or "") else None,
        )

    def _event(self, event: EventRecord) -> EventRecord:
        """Return an event without secrets."""
        return replace(
            event,
            type=self._hidden(event.type),
            data=self._hidden(event.data),
            parameters=cast(dict[str, object], self._value(event.parameters)),
        )

    def _value(self, value: object) -> object:
        """Return a value of an output without secrets."""
        match value:
            case str():
                return self._hidden(value)
            case dict():
                items = cast(dict[str, object], value).items()
                return {self._hidden(key): self._value(item) for key, item in items}
            case list():
                return [self._value(item) for item in cast(list[object], value)]
            case _:
                return _MARK if str(value) in self._long else value

    def _is_clean(self, text: str, encodings: int = _MOST_ENCODINGS) -> bool:
        """Return whether a text holds no secret."""
        return next(self._found(text, encodings), None) is None

    def _hidden(self, text: str) -> str:
        """Return a text of any length without secrets."""
        parts: list[str] = []
        position = 0
        for start, end in sorted(self._found(text, _MOST_ENCODINGS)):
            if start >= position:
                parts += (text[position:start], _MARK)
            position = max(position, end)
        return "".join(parts) + text[position:]

    def _found(self, text: str, encodings: int) -> Iterator[tuple[int, int]]:
        """Yield where secrets stand in a text, in any form."""
        for view in views(text):
            for start, end in self._in_view(view.text, encodings):
                yield view.starts[start], view.ends[end - 1]

    def _in_view(self, text: str, encodings: int) -> Iterator[tuple[int, int]]:
        """Yield where secrets stand in a text without escapes."""
        alike = _alike(text)
        for secret, beginning in self._long.items():
            if beginning in alike:
                yield from _occurrences(alike, secret)
                yield from _cut_off(alike, secret, beginning)
        if encodings == _MOST_ENCODINGS:
            for secret in self._short:
                yield from _alone(alike, secret)
        if encodings and self._long:
            for start, end, meanings in encoded_runs(text, self._least):
                if not all(self._is_clean(item, encodings - 1) for item in meanings):
                    yield start, end


def _alike(text: str) -> str:
    """Return a text, of the same length, in which all is alike that a form makes so."""
    return text.translate(_ALIKE).lower()


def _alone(text: str, secret: str) -> Iterator[tuple[int, int]]:
    """Yield where a secret stands in a text and is no part of a word or a number."""
    for start, end in _occurrences(text, secret):
        around = text[max(start - 1, 0) : start] + text[end : end + 1]
        if _ALPHANUMERIC.isdisjoint(around):
            yield start, end


def _occurrences(text: str, secret: str) -> Iterator[tuple[int, int]]:
    """Yield where a secret stands in a text."""
    start = text.find(secret)
    while start >= 0:
        end = start + len(secret)
        yield start, end
        start = text.find(secret, end)


def _beginning(secret: str) -> str:
    """Return how much of a secret must be left of it to be known."""
    half = (len(secret) + 1) // 2
    return secret[: min(max(half, _SHORTEST_CUT), _SURELY_CUT)]


def _cut_off(text: str, secret: str, beginning: str) -> Iterator[tuple[int, int]]:
    """Yield where at the end of a text the beginning of a secret stands."""
    said = text.rstrip("….")
    start = text.find(beginning, max(len(said) - len(secret), 0))
    while start >= 0:
        if secret.startswith(said[start:]):
            yield start, len(said)
            return
        start = text.find(beginning, start + 1)
