"""The page for makers of products: what it says becomes of its example is true."""

from collections import Counter
import json
import re
from typing import Any

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from .documents import ENGLISH, Documents, codes, each_language, rows, section
from .entities import press
from .helpers import Cloud, product, services, set_up
from custom_components.tencent_iot_explorer.api import EventRecord, parse_data_template
from custom_components.tencent_iot_explorer.api.data_template import Enum, Text
from custom_components.tencent_iot_explorer.api.push import parse_push
from custom_components.tencent_iot_explorer.api.push_messages import PushedReply
from custom_components.tencent_iot_explorer.const import DOMAIN
from custom_components.tencent_iot_explorer.presentation.data_types import LONGEST_STATE
from custom_components.tencent_iot_explorer.product.secret_words import names_secret
from custom_components.tencent_iot_explorer.reports.event_attributes import (
    OCCURRED_AT,
    event_attributes,
)
from emulator import EmulatedDevice, EmulatedProduct

PRODUCT = "AQUARIUM01"
DEVICE = "tank-1"
DISABLED = {"en": "disabled at first", "zh-Hans": "默认禁用"}
PLATFORMS = {str(platform) for platform in Platform}


def blocks(documents: Documents) -> list[dict[str, Any]]:
    """Return the JSON of the page: a call, its reply, and the example."""
    page = documents.page("makers")
    return [
        json.loads(text)
        for text in documents.blocks("json")
        if f"```json\n{text}```" in page.text
    ]


def example(documents: Documents) -> dict[str, Any]:
    """Return the data template that is the example."""
    *_, found = blocks(documents)
    return found


def subject(entry: er.RegistryEntry) -> str:
    """Return the id of what an entity shows: all of a light is shown by its switch."""
    path = entry.unique_id.removeprefix(f"{PRODUCT}/{DEVICE}").removeprefix("/")
    if entry.domain == Platform.LIGHT:
        return "light_switch"
    return path.partition("/")[0].rpartition(":")[2]


@each_language
async def test_example(hass: HomeAssistant, cloud: Cloud, documents: Documents) -> None:
    """Each row names what becomes of a part of the example, and nothing is left out."""
    template = example(documents)
    assert template["profile"]["ProductId"] == PRODUCT
    cloud.emulator.products[PRODUCT] = EmulatedProduct(
        product_id=PRODUCT,
        template=template,
        devices={DEVICE: EmulatedDevice(name=DEVICE)},
    )
    entry = await set_up(
        hass, cloud, product(PRODUCT, [DEVICE], title="A", use_properties=True)
    )
    found: dict[str, list[er.RegistryEntry]] = {}
    for entity in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        found.setdefault(subject(entity), []).append(entity)
    declared: list[str] = []
    named: set[str] = set()
    for part, becomes, because in rows(section(documents, "An example")):
        ids, promised = codes(part), codes(becomes)
        declared += ids
        entities = found.pop(ids[0], [])
        platforms = Counter(item for item in promised if item in PLATFORMS)
        assert Counter(item.domain for item in entities) == platforms, ids
        classes = {item.original_device_class for item in entities} - {None}
        assert classes == set(promised) - PLATFORMS, ids
        is_disabled = DISABLED[documents.language] in because
        assert {bool(item.disabled_by) for item in entities} <= {is_disabled}, ids
        named |= {item for item in codes(because) if item.startswith(f"{DOMAIN}.")}
    kinds = ("properties", "events", "actions")
    assert declared == [item["id"] for kind in kinds for item in template[kind]]
    page = documents.page("makers")
    assert named == set(re.findall(rf"\b{DOMAIN}\.[a-z0-9_]+", page.text))
    assert named == {f"{DOMAIN}.{name}" for name in services(hass)}
    assert len(named) == len(template["actions"])
    # It can be pressed at once, as its start value promises.
    await press(hass, f"{PRODUCT}/{DEVICE}/feed")
    assert cloud.executed == [(DEVICE, "feed", {"portions": 2})]
    # What every device has, whatever its template declares.
    assert found.keys() <= {"", "device_action", "last_action"}


@each_language
def test_example_follows_the_page(documents: Documents) -> None:
    """The example does itself what the page asks for."""
    template = parse_data_template(json.dumps(example(documents)))
    assert not template.unusable
    assert not template.unusable_properties
    assert not template.unusable_events
    for action in template.actions.values():
        assert action.description
        result = action.outputs[0]
        assert (result.id, type(result.type)) == ("code", Enum)
    parameters = [
        *template.properties.values(),
        *(item for action in template.actions.values() for item in action.inputs),
    ]
    for text in (item.type for item in parameters if isinstance(item.type, Text)):
        assert text.minimum is not None
        assert text.longest is not None
        assert text.longest <= LONGEST_STATE
    names = [item.name for item in template.properties.values()]
    assert len(set(names)) == len(names)
    assert {event.type for event in template.events.values()} == {
        "info",
        "alert",
        "fault",
    }


@each_language
def test_same_example(documents: Documents) -> None:
    """The example differs in its words alone: ids, types and limits are the same."""
    english = example(documents)

    def skeleton(value: Any) -> Any:
        """Return a part without what a person reads."""
        if isinstance(value, dict):
            return {
                key: sorted(item) if key == "mapping" else skeleton(item)
                for key, item in value.items()
                if key not in ("name", "desc", "unit")
            }
        return [skeleton(item) for item in value] if isinstance(value, list) else value

    assert skeleton(english) == skeleton(example(ENGLISH))


@each_language
def test_reply(documents: Documents) -> None:
    """The reply that the page shows is understood, and answers the call beside it."""
    call, reply, template = blocks(documents)
    (action,) = (item for item in template["actions"] if item["id"] == call["actionId"])
    assert call["params"].keys() == {item["id"] for item in action["input"]}
    assert reply["response"].keys() == {item["id"] for item in action["output"]}
    message = parse_push(
        json.dumps(
            {
                "topic": f"$thing/up/action/{PRODUCT}/{DEVICE}",
                "productid": PRODUCT,
                "devicename": DEVICE,
                "payload": reply,
            }
        ).encode(),
        received_at=1795700000000,
    )
    assert message
    assert isinstance(message.content, PushedReply)
    assert message.content.client_token == call["clientToken"]
    assert message.content.code == 0


@each_language
def test_event_parameters(documents: Documents) -> None:
    """An event shows each parameter that its row names, a choice with its label."""
    template = parse_data_template(json.dumps(example(documents)))
    for part, becomes, because in rows(section(documents, "An example")):
        if codes(becomes) != ["event"]:
            continue
        event = template.events[codes(part)[0]]
        kind, *names = codes(because)
        assert kind == event.type
        record = EventRecord(
            event_id=event.id,
            type=kind,
            occurred_at=1795700000000,
            data="{}",
            parameters={item.id: 1 for item in event.parameters},
        )
        assert event_attributes(event, record).keys() - {OCCURRED_AT} == {*names}


def became(kind: str, **declared: Any) -> dict[str, Any]:
    """Return what is usable of a template that declares one thing, by its id."""
    template = parse_data_template(json.dumps({kind: [{"name": "X", **declared}]}))
    return dict(getattr(template, kind))


def test_limits_of_templates() -> None:
    """What the page says about what makes no sense is so."""
    number: dict[str, Any] = {"type": "int", "min": "9", "max": "1", "step": "0"}
    (found,) = became("properties", id="x", mode="r", define=number).values()
    assert (found.type.minimum, found.type.maximum, found.type.step) == (None, None, 1)
    (found,) = became(
        "actions",
        id="x",
        input=[
            {"id": "a", "name": "A", "define": {"type": "int", "min": 1, "start": 0}},
            {"id": "b", "name": "B", "define": {"type": "string", "max": "9"}},
            {"id": "c", "name": "C", "define": {"type": "string", "min": "0"}},
        ],
    ).values()
    start, *texts = (item.type for item in found.inputs)
    assert start.start is None
    assert [text.shortest for text in texts] == [0, 0]
    item = {"id": "a", "name": "A", "define": {"type": "int"}}
    many = [item | {"id": f"a{number}"} for number in range(101)]
    assert became("actions", id="x", input=many[:100], output=many[:100])
    assert not became("actions", id="x", input=many)
    assert not became("actions", id="x", output=many)
    assert not became("actions", id="x", input=[item, item])
    choice = {"id": "a", "name": "A", "define": {"type": "enum", "mapping": {}}}
    assert not became("actions", id="x", input=[choice])
    assert not became("properties", mode="rw", **choice)
    assert became("events", id="x", type="info")
    assert not became("events", id="x", type="warning")


@each_language
def test_secret_words(documents: Documents) -> None:
    """Each word that the page calls a secret's is one, and so is its own example."""
    words = section(documents, "Secrets")
    named = ("password", "passcode", "PIN", "token", "key", "密码", "口令", "验证码")
    for word in named:
        assert word in words
        assert names_secret("x", word), word
    secret, plain = codes(words)
    assert names_secret(secret, "x")
    assert not names_secret(plain, "x")
