"""A wrong clock, as the person sees it, also over TLS with a private authority."""

from datetime import timedelta
from pathlib import Path

import pytest
from yarl import URL

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.ssl import SSL_ALPN_HTTP11, SSLCipherList, client_context

from .certificates import shown_to_nobody_who_believes_it
from .dialogs import answer, start as start_dialog
from .entities import press
from .helpers import LAMP, Cloud, poll, set_up, with_both_keys
from custom_components.tencent_iot_explorer.const import DOMAIN, Access
from emulator import Emulator, Naming
from emulator.certificates import server_context, write_certificate
from emulator.service_api import APP_KEY, APP_SECRET

DAY = timedelta(days=1)
DECADE = 3652 * DAY
HOUR = 3600
BLINK = "LAMP202611/desk-lamp/blink"
# What a wrong time stamp is called, for which Tencent Cloud API 3.0 has but one name.
NAMINGS = [
    *((Access.APPLICATION, naming) for naming in Naming),
    (Access.ACCOUNT, Naming.CODES),
]
WRONG_DATES = [
    pytest.param(-DECADE - DAY, DAY - DECADE, id="machine-ten-years-ahead"),
    pytest.param(DECADE - DAY, DECADE + DAY, id="machine-ten-years-behind"),
]


def trusted_certificate(folder: Path, start: timedelta, end: timedelta) -> Path:
    """Return a certificate that Home Assistant trusts in that time."""
    path = folder / f"{start.days}.pem"
    write_certificate(path, "127.0.0.1", start, end)
    context = client_context(SSLCipherList.PYTHON_DEFAULT, SSL_ALPN_HTTP11)
    context.load_verify_locations(path)
    return path


def assert_no_dialog(hass: HomeAssistant) -> None:
    """Insist that nobody is asked for another key pair."""
    assert hass.config_entries.flow.async_progress() == []


@with_both_keys
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(("start", "end"), WRONG_DATES)
async def test_certificate_at_the_start(
    hass: HomeAssistant,
    access: Access,
    tmp_path: Path,
    start: timedelta,
    end: timedelta,
) -> None:
    """Where nothing is known the clock is named as what to check, and no key pair."""
    path = trusted_certificate(tmp_path, start, end)
    with shown_to_nobody_who_believes_it(path) as port:
        cloud = Cloud(Emulator(), access)
        endpoint = f"https://127.0.0.1:{port}/api"
        entry = await set_up(hass, cloud, LAMP, endpoint=endpoint)
        assert entry.state is ConfigEntryState.SETUP_RETRY
        assert entry.error_reason_translation_key == "setup_certificate_date"
        assert_no_dialog(hass)


@with_both_keys
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(("start", "end"), WRONG_DATES)
async def test_certificate_later(
    hass: HomeAssistant,
    access: Access,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    start: timedelta,
    end: timedelta,
) -> None:
    """A press says that the clock is wrong; polls say it once in the log."""
    good = server_context(trusted_certificate(tmp_path, -DAY, DAY))
    async with Emulator(ssl_context=good) as emulator:
        entry = await set_up(hass, Cloud(emulator, access), LAMP)
        await press(hass, BLINK)
        assert len(emulator.executed) == 1
        usual_port = URL(emulator.endpoint).port
    path = trusted_certificate(tmp_path, start, end)
    assert usual_port
    with shown_to_nobody_who_believes_it(path, usual_port):
        with pytest.raises(HomeAssistantError) as raised:
            await press(hass, BLINK)
        assert raised.value.translation_key == "certificate_date"
        for _ in range(3):
            await poll(hass)
        assert entry.state is ConfigEntryState.LOADED
        assert_no_dialog(hass)
        assert caplog.text.count("cannot be read") == 1
        assert not any(
            record.exc_info for record in caplog.records if DOMAIN in record.name
        )


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(("start", "end"), WRONG_DATES)
async def test_certificate_in_the_dialog(
    hass: HomeAssistant, tmp_path: Path, start: timedelta, end: timedelta
) -> None:
    """The dialog names the clock as well."""
    path = trusted_certificate(tmp_path, start, end)
    with shown_to_nobody_who_believes_it(path) as port:
        typed = {
            "app_key": APP_KEY,
            "app_secret": APP_SECRET,
            "product_id": "LAMP202611",
            "advanced": {"endpoint": f"https://127.0.0.1:{port}/api"},
        }
        result = await answer(hass, await start_dialog(hass), typed)
        assert result["errors"] == {"base": "certificate_date"}


@pytest.mark.parametrize(("access", "naming"), NAMINGS, indirect=["access"])
@pytest.mark.parametrize("offset", [HOUR, -HOUR, DECADE // DAY * 86400])
async def test_time_stamps(
    hass: HomeAssistant, cloud: Cloud, offset: int, naming: Naming
) -> None:
    """Set-up, presses and polls work with a wrong clock, which becomes a repair issue."""
    cloud.expect_wrong("Timestamp", naming)
    cloud.emulator.clock_offset = offset
    entry = await set_up(hass, cloud, LAMP)
    await press(hass, BLINK)
    assert len(cloud.executed) == 1
    refused = [item for item in cloud.emulator.journal if item.error_code]
    assert len(refused) == 1
    await poll(hass)
    assert ir.async_get(hass).async_get_issue(DOMAIN, f"wrong_clock_{entry.entry_id}")
    assert_no_dialog(hass)


@pytest.mark.parametrize(
    ("access", "naming"),
    [item for item in NAMINGS if item[1] is not Naming.VAGUE],
    indirect=["access"],
)
@pytest.mark.parametrize("date", ["", "yesterday"])
async def test_no_date(
    hass: HomeAssistant, cloud: Cloud, date: str, naming: Naming
) -> None:
    """Without a date that makes sense the refusal is shown, and is none of the key pair."""
    cloud.expect_wrong("Timestamp", naming)
    await set_up(hass, cloud, LAMP)
    cloud.emulator.clock_offset = HOUR
    cloud.emulator.date = date
    with pytest.raises(HomeAssistantError) as raised:
        await press(hass, BLINK)
    assert raised.value.translation_key == "wrong_clock"
    await poll(hass)
    assert cloud.executed == []
    assert_no_dialog(hass)
