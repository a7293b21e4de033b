"""One Home Assistant process and an authenticated client to it."""

import asyncio
from collections.abc import Callable
import contextlib
import os
from pathlib import Path
import shutil
import signal
import socket
import sys
from typing import Any

import aiohttp

from .chinese import word
from .settings import write_settings

HERE = Path(__file__).parent
INTEGRATION = HERE.parent / "custom_components" / "tencent_iot_explorer"
USERNAME = "demo"
PASSWORD = "demo-only"  # of a Home Assistant that listens on this machine alone
# Home Assistant loads the platforms of voice and video always. Their libraries have no
# wheels for Python 3.14, and ffmpeg is not everywhere; the demo needs none of them.
_STAND_INS = {
    "pymicro_vad.py": "class MicroVad:\n    pass\n",
    "pyspeex_noise.py": "class AudioProcessor:\n    pass\n",
}
_FFMPEG = '#!/bin/sh\necho "ffmpeg version 7.1"\n'

type Answer = dict[str, Any] | Callable[[dict[str, Any]], dict[str, Any]]


class HomeAssistantError(Exception):
    """Home Assistant answered with an error."""


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def link_integration(folder: Path) -> None:
    """Put the integration of this repository into a configuration folder."""
    (folder / "custom_components").mkdir()
    (folder / "custom_components" / INTEGRATION.name).symlink_to(INTEGRATION)


def write_stand_ins(folder: Path) -> Path:
    """Write what stands in for what is not installed, and return the folder of it."""
    stand_ins = folder / "stand_ins"
    stand_ins.mkdir()
    for name, text in _STAND_INS.items():
        (stand_ins / name).write_text(text)
    (stand_ins / "ffmpeg").write_text(_FFMPEG)
    (stand_ins / "ffmpeg").chmod(0o755)
    return stand_ins


class HomeAssistant:
    """A Home Assistant with a configuration folder of its own."""

    def __init__(self, folder: Path, port: int, language: str = "en") -> None:
        """Say where it lives and listens."""
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self.language = language
        self._process: asyncio.subprocess.Process | None = None
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._last_id = 0
        self.tokens: dict[str, Any] = {}

    @property
    def log(self) -> str:
        """Return what Home Assistant has printed so far."""
        return (self.folder / "output.log").read_text()

    async def start(self) -> None:
        """Start afresh, create the user and wait until everything runs."""
        self._prepare()
        await self.run()
        await self._onboard()
        await self._wait_until_running()

    async def run(self) -> None:
        """Start the process and wait until it answers."""
        stand_ins = self.folder / "stand_ins"
        environment = os.environ | {
            "PATH": f"{stand_ins}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(stand_ins),
            "NO_PROXY": "127.0.0.1",
        }
        with (self.folder / "output.log").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "homeassistant",
                "--config",
                str(self.folder),
                "--skip-pip",
                stdout=output,
                stderr=output,
                env=environment,
                start_new_session=True,
            )
        self._session = aiohttp.ClientSession()
        async with asyncio.timeout(120):
            while not await self._answers():
                if self._process.returncode is not None:
                    raise HomeAssistantError(f"it ended:\n{self.log[-3000:]}")
                await asyncio.sleep(0.2)

    async def restart(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """End the process and start it again with what it has stored.

        What is stored may be changed meanwhile.
        """
        await self.stop()
        meanwhile()
        await self.run()
        await self._wait_until_running()

    async def stop(self) -> None:
        """Close everything and end the process."""
        if self._socket:
            await self._socket.close()
            self._socket = None
        if self._session:
            await self._session.close()
        if self._process and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(60):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    async def get(self, path: str) -> Any:
        """Read a resource."""
        return await self._request("GET", path)

    async def post(self, path: str, body: Any) -> Any:
        """Send a body."""
        return await self._request("POST", path, json=body)

    async def flow(
        self, start: dict[str, Any], *answers: Answer, kind: str = "flow"
    ) -> dict[str, Any]:
        """Go through a dialog of some kind and return what it ends with.

        An answer may depend on what a step shows.
        """
        path = f"/api/config/config_entries/{kind}"
        step = await self.post(path, start)
        for answer in answers:
            given = answer(step) if callable(answer) else answer
            own = f"{path}/{step['flow_id']}"
            step = await self.post(own, given)
            while step["type"] == "progress":
                await asyncio.sleep(0.1)
                step = await self.get(own)
            if step.get("errors"):
                raise HomeAssistantError(f"the dialog answered {step['errors']}")
        if step["type"] not in ("create_entry", "abort"):
            raise HomeAssistantError(f"the dialog still asks: {step['step_id']}")
        return dict(step)

    async def call(
        self, domain: str, service: str, data: dict[str, Any], *, response: bool = False
    ) -> Any:
        """Call a service."""
        query = "?return_response" if response else ""
        return await self.post(f"/api/services/{domain}/{service}{query}", data)

    async def command(self, kind: str, **values: Any) -> Any:
        """Send a command over the WebSocket and return its result."""
        assert self._session
        if self._socket is None:
            self._socket = await self._session.ws_connect(
                f"{self.url}/api/websocket", max_msg_size=0
            )
            await self._socket.receive_json()
            token = self.tokens["access_token"]
            await self._socket.send_json({"type": "auth", "access_token": token})
            await self._socket.receive_json()
        self._last_id += 1
        await self._socket.send_json({"id": self._last_id, "type": kind, **values})
        while True:
            reply = await self._socket.receive_json()
            if reply.get("id") == self._last_id and reply["type"] == "result":
                if not reply["success"]:
                    raise HomeAssistantError(str(reply["error"]))
                return reply["result"]

    async def entity_id(self, domain: str, unique_id: str) -> str:
        """Return the id of an entity of ours, as soon as it is there and has a state."""
        async with asyncio.timeout(30):
            while True:
                states = {state["entity_id"] for state in await self.get("/api/states")}
                for entity in await self.command("config/entity_registry/list"):
                    if (
                        entity["platform"] == INTEGRATION.name
                        and entity["unique_id"] == unique_id
                        and entity["entity_id"].startswith(f"{domain}.")
                        and entity["entity_id"] in states
                    ):
                        return str(entity["entity_id"])
                await asyncio.sleep(0.2)

    async def state(self, entity_id: str, wanted: str | None = None) -> dict[str, Any]:
        """Return an entity's state as soon as it is as wanted, or as it is known."""
        async with asyncio.timeout(30):
            while True:
                state = dict(await self.get(f"/api/states/{entity_id}"))
                if state["state"] not in ("unknown", "unavailable") and (
                    wanted in (None, state["state"])
                ):
                    return state
                await asyncio.sleep(0.2)

    async def changed_state(self, entity_id: str, before: str) -> dict[str, Any]:
        """Return an entity's state as soon as it is another one."""
        async with asyncio.timeout(30):
            while True:
                state = dict(await self.get(f"/api/states/{entity_id}"))
                if state["state"] != before:
                    return state
                await asyncio.sleep(0.05)

    def _prepare(self) -> None:
        """Write a fresh configuration folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        link_integration(self.folder)
        text = (HERE / "configuration.yaml").read_text()
        text = text.replace("PORT", str(self._port))
        text = text.replace("language: en", f"language: {self.language}")
        text = text.replace("name: Demo", f"name: {word('Demo', self.language)}")
        (self.folder / "configuration.yaml").write_text(text)
        (self.folder / "automations.yaml").write_text("[]\n")
        (self.folder / "scripts.yaml").write_text("{}\n")
        write_settings(self.folder, self._port)
        write_stand_ins(self.folder)

    async def _answers(self) -> bool:
        """Return whether Home Assistant answers yet."""
        assert self._session
        with contextlib.suppress(aiohttp.ClientError):
            async with self._session.get(f"{self.url}/api/onboarding") as response:
                return response.status in (200, 404)
        return False

    async def _onboard(self) -> None:
        """Create the user and log in as that."""
        client_id = f"{self.url}/"
        user = await self._request(
            "POST",
            "/api/onboarding/users",
            json={
                "client_id": client_id,
                "name": word("Demo", self.language),
                "username": USERNAME,
                "password": PASSWORD,
                "language": self.language,
            },
        )
        form = {
            "grant_type": "authorization_code",
            "code": user["auth_code"],
            "client_id": client_id,
        }
        self.tokens = await self._request("POST", "/auth/token", data=form)
        redirect = {
            "client_id": client_id,
            "redirect_uri": f"{client_id}?auth_callback=1",
        }
        await self.post("/api/onboarding/integration", redirect)

    async def _wait_until_running(self) -> None:
        """Wait until Home Assistant has started everything."""
        async with asyncio.timeout(120):
            while (await self.get("/api/config"))["state"] != "RUNNING":
                await asyncio.sleep(0.2)

    async def _request(self, method: str, path: str, **content: Any) -> Any:
        """Send a request and return its JSON."""
        assert self._session
        headers = {}
        if self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens['access_token']}"
        async with self._session.request(
            method, self.url + path, headers=headers, **content
        ) as response:
            if response.status not in (200, 201):
                text = await response.text()
                raise HomeAssistantError(f"{path}: {response.status} {text[:500]}")
            return await response.json(content_type=None)
