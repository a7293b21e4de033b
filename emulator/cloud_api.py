"""The emulated Tencent Cloud API 3.0: signed in its headers, on behalf of an account."""

from typing import Any
import uuid

from . import cloud_headers, cloud_lists, tc3
from .accounts import SECRET_ID, Account
from .bodies import deviations, read_body
from .checks import flaw
from .cloud_calls import RULE_CALLS, check_parameters
from .faults import Refusal
from .journal import JournalEntry
from .products import EmulatedProduct
from .projects import EmulatedProject
from .state import State

CLOCK_TOLERANCE = 300


class CloudApi:
    """The interface that every account has.

    Its path is always `/`, which no other interface uses: so one server has both.
    """

    path = "/"
    # Tencent's own client finds an error only in a reply that names no charset.
    content_type = "application/json"

    def __init__(self, state: State) -> None:
        """Begin with one account."""
        self._state = state
        self.accounts = {SECRET_ID: Account()}
        self.variants = cloud_lists.Variants()

    def read(self, entry: JournalEntry) -> None:
        """Write into a journal's entry what its headers and its body ask for."""
        headers = entry.headers
        entry.request_id = str(uuid.uuid4())
        entry.action = entry.call = headers.get("X-TC-Action", "")
        header = headers.get("Authorization", "")
        if authorization := tc3.parse(header):
            own = (authorization.secret_id, authorization.signature)
            entry.credentials = (*own, header)
        content_type = headers.get("Content-Type", "")
        entry.parameters = read_body(content_type, entry.body, "InvalidParameter")
        entry.deviations = [
            *deviations(content_type, entry.parameters),
            *cloud_headers.deviations(headers),
        ]

    def check(self, entry: JournalEntry, now: float) -> None:
        """Refuse a request that is malformed, forged, late or not permitted."""
        cloud_headers.check_form(entry.headers)
        account = self._authenticate(entry, now)
        cloud_headers.check_call(entry.headers)
        check_parameters(entry.call, entry.parameters)
        if not account.permits(entry.call):
            raise Refusal(
                account.denial,
                f"[request id:{entry.request_id}]you are not authorized to perform "
                f"operation (iotexplorer:{entry.call})\n"
                f"resource ({self._resource(entry, account)}) has no permission",
            )

    def _authenticate(self, entry: JournalEntry, now: float) -> Account:
        """Return whose request it is, once that is proved."""
        authorization = tc3.parse(entry.headers.get("Authorization", ""))
        names = {name.lower() for name in entry.headers}
        if authorization is None or not authorization.covers(names):
            raise flaw("AuthFailure.InvalidAuthorization", "Authorization")
        timestamp = entry.headers["X-TC-Timestamp"]
        if authorization.date != tc3.utc_date(timestamp):
            raise flaw("AuthFailure.SignatureFailure", "the date is not that of UTC")
        if abs(now - int(timestamp)) > CLOCK_TOLERANCE:
            raise Refusal("AuthFailure.SignatureExpire", "签名过期")
        if not authorization.secret_id.startswith("AKID"):
            raise Refusal("AuthFailure.InvalidSecretId", "密钥非法")
        if authorization.secret_id not in self.accounts:
            raise Refusal("AuthFailure.SecretIdNotFound", "密钥不存在")
        account = self._account(entry)
        entry.string_to_sign = tc3.string_to_sign(
            entry.headers, authorization.signed, entry.body
        )
        wanted = tc3.signature(entry.string_to_sign, account.secret_key)
        if authorization.signature != wanted:
            raise Refusal("AuthFailure.SignatureFailure", "签名错误")
        return account

    def _resource(self, entry: JournalEntry, account: Account) -> str:
        """Return what a request is about, as policies name it."""
        region = cloud_headers.region_of(entry.headers)
        product = self._state.products.get(entry.parameters.get("ProductId", ""))
        what = "*"
        if product:
            project_id = product.project.project_id
            what = f"project/{project_id}/product/{product.product_id}"
        return f"qcs::iotexplorer:{region}:uin/{account.uin}:{what}"

    async def serve(self, entry: JournalEntry) -> dict[str, Any]:
        """Do what is asked, with what the account has in the region."""
        parameters = entry.parameters
        if entry.call in RULE_CALLS:
            return await self._state.rules.serve(
                entry.call,
                parameters,
                self._account(entry).uin,
                cloud_headers.region_of(entry.headers),
            )
        match entry.call:
            case "GetProjectList":
                return cloud_lists.find_projects(
                    self._projects(entry), self._products(entry), parameters
                )
            case "GetStudioProductList" | "SearchStudioProduct":
                return cloud_lists.find_products(
                    self._projects(entry),
                    self._products(entry),
                    parameters,
                    self.variants.without_project,
                )
        product = self._product(entry)
        match entry.call:
            case "DescribeStudioProduct":
                return {"Product": cloud_lists.describe_product(product)}
            case "GetDeviceList":
                return cloud_lists.find_devices(product, parameters, self.variants)
            case "DescribeDevice":
                device = self._state.device(product, parameters["DeviceName"])
                return {"Device": cloud_lists.describe_device(product, device)}
        payload = await self._state.serve(
            product, entry.call, parameters, entry.request_id
        )
        match entry.call:
            case "ControlDeviceData":
                return payload | {"Data": ""}
            case "ListEventHistory":
                return cloud_lists.turn_history(payload)
        return payload

    def wrap(
        self, entry: JournalEntry, payload: dict[str, Any], *, is_refusal: bool
    ) -> dict[str, Any]:
        """Return a payload in the one envelope, with the RequestId of this server."""
        return {"Response": {"RequestId": entry.request_id} | payload}

    def _account(self, entry: JournalEntry) -> Account:
        """Return whose request it is."""
        return self.accounts[entry.credentials[0]]

    def _is_here(self, entry: JournalEntry, project: EmulatedProject) -> bool:
        """Return whether a project is in the region that is asked."""
        return project.region == cloud_headers.region_of(entry.headers)

    def _projects(self, entry: JournalEntry) -> list[EmulatedProject]:
        """Return the projects that the account has in the region."""
        uin = self._account(entry).uin
        return [
            project
            for project in self._state.projects
            if project.uin == uin and self._is_here(entry, project)
        ]

    def _products(self, entry: JournalEntry) -> list[EmulatedProduct]:
        """Return the products that the account has in the region."""
        projects = self._projects(entry)
        products = self._state.products.values()
        return [product for product in products if product.project in projects]

    def _product(self, entry: JournalEntry) -> EmulatedProduct:
        """Return the product that is asked for, if the account has it in the region."""
        product = self._state.product(entry.parameters["ProductId"])
        if not self._is_here(entry, product.project):
            raise Refusal("ResourceNotFound.StudioProductNotExist", "产品不存在")
        if product.project.uin != self._account(entry).uin:
            raise Refusal(
                "UnauthorizedOperation.NoPermissionToStudioProduct", "没有产品权限"
            )
        return product
