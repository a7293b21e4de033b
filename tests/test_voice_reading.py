"""What was said is read with those names alone that it may hold."""

from collections.abc import Iterator
from unittest.mock import patch

from hassil.intents import Intents, SlotList, TextSlotList
from hassil.recognize import RecognizeResult, recognize_all

from homeassistant.core import HomeAssistant

from .helpers import Cloud
from .voice import add_aliases, name_device, ran, set_up_feeders
from custom_components.tencent_iot_explorer.assist import matcher


async def test_other_names_are_not_read(hass: HomeAssistant, cloud: Cloud) -> None:
    """However many names there are, a text is compared with few of them."""
    read: list[dict[str, int]] = []

    def note(
        text: str, intents: Intents, *, slot_lists: dict[str, SlotList]
    ) -> Iterator[RecognizeResult]:
        """Note how many names there are."""
        read.append(
            {
                slot: len(names.values)
                for slot, names in slot_lists.items()
                if isinstance(names, TextSlotList)
            }
        )
        return iter(recognize_all(text, intents, slot_lists=slot_lists))

    await set_up_feeders(hass, cloud, "EN", "HANS")
    await name_device(hass, "HANS/device-1/clean", name_by_user="喂食器2号")
    aliases = (f"Bowl & rinse {number}" for number in range(50))
    await add_aliases(hass, "EN/device-1/clean", *aliases)
    with patch.object(matcher, "recognize_all", note):
        for text, language, done in (
            ("Press bowl rinse seven on the feeder", "en", "EN"),
            ("press bowl & rinse 7", "en", "EN"),
            ("餵食器二號清洗食盆", "zh-TW", "HANS"),
        ):
            assert await ran(hass, cloud, text, language) == ("clean", {}), text
            assert cloud.emulator.executed[-1].product_id == done
    # A feeder is to feed, too.
    assert [names["name"] for names in read] == [2, 1, 2]
    assert [names["device"] for names in read] == [1, 0, 1]
