"""What the emulated cloud holds, and what it does for a request that passed all checks."""

import asyncio
from collections.abc import Iterable
import json
import time
from typing import Any
import uuid

from . import checks
from .devices import EmulatedDevice
from .faults import Refusal
from .forwarding import Forwarder
from .history import EventHistory
from .journal import ExecutedAction, WrittenData
from .outbound import Outbound
from .products import EmulatedProduct
from .projects import EmulatedProject
from .rules import Rules

_SENT = {"Sent": 1, "pushResult": 0}
_NOT_SENT = {"Sent": 0, "pushResult": 23101}


class State:
    """Products and devices, and a list of all that reached these, for all interfaces."""

    def __init__(self, products: Iterable[EmulatedProduct]) -> None:
        """Take over the products; a silent device is given up after `silence` seconds.

        A device that never reported anything has no data, or with `absent_data_is_refused`
        the reply is an error: both are documented.
        """
        self.products = {product.product_id: product for product in products}
        self.empty_projects: list[EmulatedProject] = []
        self.reached: list[ExecutedAction | WrittenData] = []
        self.silence = 0.05
        self.clock_offset = 0
        self.absent_data_is_refused = False
        self.history = EventHistory()
        self.outbound = Outbound(lambda: self.now)
        self.rules = Rules(self.outbound)
        self.forwarder = Forwarder(self)

    @property
    def now(self) -> float:
        """Return the time of the emulated clock."""
        return time.time() + self.clock_offset

    @property
    def executed(self) -> list[ExecutedAction]:
        """Return the actions that reached devices."""
        return [item for item in self.reached if isinstance(item, ExecutedAction)]

    @property
    def written(self) -> list[WrittenData]:
        """Return what was written and reached devices."""
        return [item for item in self.reached if isinstance(item, WrittenData)]

    @property
    def projects(self) -> list[EmulatedProject]:
        """Return the projects of all products, and those that have none."""
        of_products = (product.project for product in self.products.values())
        return list(dict.fromkeys((*of_products, *self.empty_projects)))

    async def serve(
        self,
        product: EmulatedProduct,
        call: str,
        parameters: dict[str, Any],
        request_id: str,
    ) -> dict[str, Any]:
        """Do what is asked of a product, and return the payload of the reply."""
        match call:
            case "DescribeModelDefinition":
                return self._describe_model(product)
            case "GetDeviceList":
                return self._list_devices(product, parameters)
            case "DescribeDevice":
                device = self.device(product, parameters["DeviceName"])
                return {"Device": device.describe()}
            case "DescribeDeviceData":
                return self._describe_data(product, parameters)
            case "ControlDeviceData":
                return self._control(product, parameters, request_id)
            case "ListEventHistory":
                device = self.device(product, parameters["DeviceName"])
                return self.history.find(product, device, parameters, self.now)
        # No interface lets any other call in.
        return await self._call_action(
            product, parameters, request_id, waits=call == "CallDeviceActionSync"
        )

    def product(self, product_id: str) -> EmulatedProduct:
        """Return a product."""
        if product_id not in self.products:
            raise Refusal("ResourceNotFound.StudioProductNotExist", "产品不存在")
        return self.products[product_id]

    def device(self, product: EmulatedProduct, name: str) -> EmulatedDevice:
        """Return a device of a product."""
        if name not in product.devices:
            raise Refusal("ResourceNotFound.DeviceNotExist", "设备未创建或是已删除")
        return product.devices[name]

    def _require_template(self, product: EmulatedProduct) -> None:
        """Refuse a product that has no data template."""
        if product.template is None:
            raise Refusal("InvalidParameterValue.ModelDefineNil", "产品没有数据模板")

    def _describe_model(self, product: EmulatedProduct) -> dict[str, Any]:
        """Return a data template as the documentation prints it."""
        self._require_template(product)
        return {
            "Model": {
                "ProductId": product.product_id,
                "ModelDefine": product.model_define,
                "CategoryModel": "{}",
                "NetTypeModel": "",
                "CreateTime": 1599468019,
                "UpdateTime": product.update_time,
            }
        }

    def _list_devices(
        self, product: EmulatedProduct, parameters: dict[str, Any]
    ) -> dict[str, Any]:
        """Return a page of devices, in which the cloud leaves the key empty."""
        offset, limit = parameters["Offset"], parameters["Limit"]
        page = list(product.devices.values())[offset : offset + limit]
        return {
            "Devices": [device.describe() | {"DevicePsk": ""} for device in page],
            "Total": len(product.devices),
        }

    def _describe_data(
        self, product: EmulatedProduct, parameters: dict[str, Any]
    ) -> dict[str, Any]:
        """Return what a device reported last, whether it is online or not."""
        device = self.device(product, parameters["DeviceName"])
        if not device.reported and self.absent_data_is_refused:
            raise Refusal("ResourceNotFound.DeviceShadowNotExist", "设备影子不存在")
        data = {
            identifier: {"Value": value, "LastUpdate": moment}
            for identifier, (value, moment) in device.reported.items()
        }
        return {"Data": json.dumps(data, ensure_ascii=False)}

    def _control(
        self, product: EmulatedProduct, parameters: dict[str, Any], request_id: str
    ) -> dict[str, Any]:
        """Write properties to a device, which gets them at once or when it is back."""
        self._require_template(product)
        device = self.device(product, parameters["DeviceName"])
        values = checks.check_data(product, parameters["Data"])
        is_sent = device.write(values)
        if is_sent:
            self.reached.append(
                WrittenData(
                    product_id=product.product_id,
                    device_name=device.name,
                    values=values,
                    request_id=request_id,
                )
            )
        result = _SENT if is_sent else _NOT_SENT
        return {
            "Data": parameters["Data"],
            "Result": json.dumps(result, separators=(",", ":")),
        }

    async def _call_action(
        self,
        product: EmulatedProduct,
        parameters: dict[str, Any],
        request_id: str,
        *,
        waits: bool = False,
    ) -> dict[str, Any]:
        """Run an action at a device, as far as its state allows."""
        self._require_template(product)
        device = self.device(product, parameters["DeviceName"])
        action_id = parameters["ActionId"]
        inputs = checks.check_inputs(
            product, action_id, parameters.get("InputParams", "{}")
        )
        if device.status != 1:
            offline = {
                "ClientToken": "",
                "Status": "FailedOperation.ActionUnreachable|动作消息不可达",
            }
            return offline | ({"OutputParams": ""} if waits else {})
        self.reached.append(
            ExecutedAction(
                product_id=product.product_id,
                device_name=device.name,
                action_id=action_id,
                inputs=inputs,
                request_id=request_id,
            )
        )
        answer: dict[str, Any] | str = {}
        if effect := product.effects.get(action_id):
            answer = effect(device, inputs)
        if outputs := product.outputs.get(action_id):
            answer = outputs(inputs)
        token = f"{product.product_id}::{uuid.uuid4()}"
        device.reply(token, answer)
        if device.replies_first:
            await self.forwarder.done()
        if not waits:
            return {"ClientToken": token, "Status": "succ"}
        if device.silent:
            await asyncio.sleep(self.silence)
            raise Refusal("FailedOperation.Timeout", "调用超时")
        return {
            "ClientToken": token,
            "OutputParams": answer if isinstance(answer, str) else json.dumps(answer),
            "Status": "action execute success!",
        }
