"""The emulated products and devices."""

from collections.abc import Callable
from dataclasses import dataclass, field
import json
from typing import Any

from .projects import DEMO_PROJECT, EmulatedProject

type Outputs = Callable[[dict[str, Any]], dict[str, Any] | str]


@dataclass(kw_only=True)
class EmulatedDevice:
    """A device: its state, and the secrets that the cloud sends along with it."""

    name: str
    status: int = 1
    silent: bool = False
    version: str = "1.0.3"

    def describe(self) -> dict[str, Any]:
        """Return the device as ServiceDescribeDevice prints it."""
        return {
            "DeviceName": self.name,
            "Status": self.status,
            "DevicePsk": f"psk-of-{self.name}",
            "FirstOnlineTime": 1546315200,
            "LoginTime": 1546315200,
            "CreateTime": 1546315200,
            "Version": self.version,
            "DeviceCert": f"cert-of-{self.name}",
            "LogLevel": 0,
            "DevEUI": "",
            "AppKey": f"lora-app-key-of-{self.name}",
            "AppSKey": f"lora-app-session-key-of-{self.name}",
            "NwkSKey": f"lora-network-session-key-of-{self.name}",
        }


@dataclass(kw_only=True)
class EmulatedProduct:
    """A product: its data template, its devices and what its devices answer.

    One without a data template uses a protocol of its own. `linked` says whether the
    application may use it.
    """

    product_id: str
    template: dict[str, Any] | str | None
    devices: dict[str, EmulatedDevice]
    name: str = ""
    project: EmulatedProject = DEMO_PROJECT
    dev_status: str = "released"
    update_time: int = 1599468019
    outputs: dict[str, Outputs] = field(default_factory=dict)
    linked: bool = True

    @property
    def model_define(self) -> str | None:
        """Return the data template as the cloud sends it."""
        if not isinstance(self.template, dict):
            return self.template
        return json.dumps(self.template, ensure_ascii=False)

    def action(self, action_id: str) -> dict[str, Any] | None:
        """Return the declaration of an action."""
        template = self.template if isinstance(self.template, dict) else {}
        actions = template.get("actions", [])
        return next((item for item in actions if item["id"] == action_id), None)


def parameter(identifier: str, name: str, **define: Any) -> dict[str, Any]:
    """Return the declaration of an input or output."""
    return {"id": identifier, "name": name, "define": define}


def action(
    identifier: str,
    name: str,
    inputs: list[dict[str, Any]] | None = None,
    outputs: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the declaration of an action."""
    return {
        "id": identifier,
        "name": name,
        "desc": "",
        "input": inputs or [],
        "output": outputs or [],
        "required": False,
    }


def template(product_id: str, *actions: dict[str, Any]) -> dict[str, Any]:
    """Return a data template with the given actions."""
    return {
        "version": "1.0",
        "profile": {"ProductId": product_id, "CategoryId": "1"},
        "properties": [],
        "events": [],
        "actions": list(actions),
    }


def devices(*names: str, **statuses: int) -> dict[str, EmulatedDevice]:
    """Return devices by name, online unless said otherwise."""
    made = {name: EmulatedDevice(name=name) for name in names}
    made |= {
        name: EmulatedDevice(name=name, status=status)
        for name, status in statuses.items()
    }
    return made


def feeder() -> EmulatedProduct:
    """Return a pet feeder: numbers and choices, in Chinese."""
    product_id = "FEEDER2026"
    return EmulatedProduct(
        product_id=product_id,
        name="宠物喂食器",
        template=template(
            product_id,
            action(
                "feed",
                "喂食",
                [
                    parameter(
                        "portions",
                        "份数",
                        type="int",
                        min="1",
                        max="10",
                        start="1",
                        step="1",
                        unit="份",
                    ),
                ],
                [
                    parameter(
                        "remaining",
                        "余粮",
                        type="int",
                        min="0",
                        max="100",
                        start="0",
                        step="1",
                        unit="%",
                    )
                ],
            ),
            action("cleanBowl", "清洗食盆"),
            action(
                "setMeal",
                "设定餐食",
                [
                    parameter(
                        "food",
                        "口味",
                        type="stringenum",
                        mapping={"fish": "鱼肉", "beef": "牛肉"},
                    ),
                    parameter("time", "时间", type="timestamp"),
                    parameter("note", "备注", type="string", min="0", max="20"),
                ],
            ),
        ),
        devices=devices("kitchen-feeder", "balcony-feeder"),
        outputs={"feed": lambda inputs: {"remaining": 100 - 5 * inputs["portions"]}},
    )


def lamp() -> EmulatedProduct:
    """Return a lamp whose action `echo` has an input and an output of every type."""
    product_id = "LAMP202611"
    every_type = [
        parameter("power", "Power", type="bool", mapping={"0": "Off", "1": "On"}),
        parameter(
            "brightness",
            "Brightness",
            type="int",
            min="0",
            max="100",
            start="50",
            step="1",
            unit="%",
        ),
        parameter(
            "warmth",
            "Warmth",
            type="float",
            min="0",
            max="1.5",
            start="0.5",
            step="0.1",
            unit="",
        ),
        parameter("text", "Text", type="string", min="0", max="64"),
        parameter(
            "colour",
            "Colour",
            type="enum",
            mapping={"0": "Red", "1": "Green", "2": "Blue"},
        ),
        parameter(
            "effect",
            "Effect",
            type="stringenum",
            mapping={"calm": "Calm sea", "fire": "Fireplace"},
        ),
        parameter("moment", "Moment", type="timestamp"),
    ]
    return EmulatedProduct(
        product_id=product_id,
        name="Lamp",
        template=template(
            product_id,
            action("echo", "Echo", every_type, every_type),
            action("blink", "Blink"),
        ),
        devices=devices("desk-lamp", **{"hall-lamp": 0}),
        outputs={"echo": lambda inputs: inputs},
    )


def lock() -> EmulatedProduct:
    """Return a door lock: a choice, a text and a parameter of no known type."""
    product_id = "DOORLOCK01"
    return EmulatedProduct(
        product_id=product_id,
        name="门锁",
        template=template(
            product_id,
            action(
                "openDoor",
                "开门",
                [
                    parameter(
                        "mode", "方式", type="enum", mapping={"0": "常规", "1": "静音"}
                    ),
                    parameter("userid", "用户", type="string", min="1", max="16"),
                ],
                [
                    parameter(
                        "code", "结果", type="bool", mapping={"0": "成功", "1": "失败"}
                    )
                ],
            ),
            action("ring", "响铃"),
            action(
                "setSchedule",
                "设定时段",
                [
                    parameter(
                        "schedule",
                        "时段",
                        type="struct",
                        specs=[
                            {
                                "id": "day",
                                "name": "星期",
                                "dataType": {"type": "int", "min": "1", "max": "7"},
                            }
                        ],
                    )
                ],
            ),
        ),
        devices=devices("front-door"),
        outputs={"openDoor": lambda inputs: {"code": 0}},
    )


def demo_products() -> list[EmulatedProduct]:
    """Return products that show every type of input."""
    return [feeder(), lamp(), lock()]


def many_products(
    count: int, project: EmulatedProject = DEMO_PROJECT
) -> list[EmulatedProduct]:
    """Return products that have one action and one device each."""
    return [
        EmulatedProduct(
            product_id=product_id,
            name=f"产品 {number}",
            template=template(product_id, action("start", "开始")),
            devices=devices("device-1"),
            project=project,
        )
        for number in range(1, count + 1)
        for product_id in [f"MANY{number:06}"]
    ]
