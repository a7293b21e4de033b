"""The products of an account are found: by which requests, and what is made of replies."""

from collections.abc import Mapping
import json
from typing import Any

import pytest

from custom_components.tencent_iot_explorer.api.client import TencentIotClient
from custom_components.tencent_iot_explorer.api.discovery import discover_products
from custom_components.tencent_iot_explorer.api.errors import (
    BrokenReplyError,
    FateUnknownError,
    InvalidInputError,
    NoPermissionError,
    OperationDeniedError,
    RefusedError,
    TencentIotError,
    UnknownCodeError,
    UnknownSecretIdError,
)
from custom_components.tencent_iot_explorer.api.models import (
    Product,
    ProductStatus,
    Project,
)
from emulator import EmulatedProduct, Fault
from emulator.accounts import SECRET_ID, Denial
from emulator.cloud_lists import WithoutProject
from emulator.products import devices, template
from emulator.projects import EmulatedProject
from tests.api.interfaces import by_cloud_api
from tests.helpers import Cloud

pytestmark = by_cloud_api

PRODUCTS, PROJECTS = "GetStudioProductList", "GetProjectList"
HOME = EmulatedProject(project_id="prj-home", name="我的家")
WORK = EmulatedProject(project_id="prj-work", name="Work")


def fill(cloud: Cloud, *products: EmulatedProduct) -> None:
    """Give the account these products and no others."""
    cloud.emulator.products.clear()
    cloud.emulator.empty_projects = [HOME, WORK]
    cloud.emulator.products.update((item.product_id, item) for item in products)


def make(product_id: str, project: EmulatedProject = HOME, **parts: Any) -> Any:
    """Return a product of the cloud."""
    return EmulatedProduct(
        product_id=product_id,
        **{"template": template(product_id), "devices": {}, "project": project} | parts,
    )


async def discover(client: TencentIotClient) -> tuple[Product, ...]:
    """Return the products that are found."""
    return await discover_products(client, origin="dialog")


def sent(cloud: Cloud) -> list[str]:
    """Return which calls were made."""
    return [entry.action for entry in cloud.emulator.journal]


async def test_products(cloud: Cloud, client: TencentIotClient) -> None:
    """Products are found with what distinguishes them, those in development as well."""
    fill(
        cloud,
        make("LAMP", name="台灯", devices=devices("a", "b"), dev_status="dev"),
        make("DOOR", WORK, name="Door"),
        make("OTHER", template=None, name="has a protocol of its own"),
    )
    assert await discover(client) == (
        Product(
            id="LAMP",
            name="台灯",
            project_id="prj-home",
            project_name="我的家",
            device_count=2,
            status=ProductStatus.IN_DEVELOPMENT,
        ),
        Product(
            id="DOOR",
            name="Door",
            project_id="prj-work",
            project_name="Work",
            device_count=0,
            status=ProductStatus.RELEASED,
        ),
    )
    assert sent(cloud) == [PRODUCTS, PROJECTS]
    assert cloud.emulator.journal[0].parameters == {
        "DevStatus": "all",
        "Offset": 0,
        "Limit": 50,
    }


@pytest.mark.parametrize("variant", [WithoutProject.EMPTY, WithoutProject.REFUSED])
async def test_products_by_project(
    cloud: Cloud, client: TencentIotClient, variant: WithoutProject
) -> None:
    """Where nothing is listed without a project, each project is asked."""
    cloud.expect("InvalidParameterValue.ProductParmsError")
    fill(cloud, make("LAMP"), make("DOOR", WORK))
    cloud.emulator.cloud_api.variants.without_project = variant
    found = {item.id: item.project_name for item in await discover(client)}
    assert found == {"LAMP": "我的家", "DOOR": "Work"}
    assert sent(cloud) == [PRODUCTS, PROJECTS, PRODUCTS, PRODUCTS]
    asked = [entry.parameters.get("ProjectId") for entry in cloud.emulator.journal]
    assert asked == [None, None, "prj-home", "prj-work"]


async def test_no_products(cloud: Cloud, client: TencentIotClient) -> None:
    """An account, or a region, that has none has none."""
    fill(cloud)
    cloud.emulator.empty_projects.clear()
    assert await discover(client) == ()
    assert sent(cloud) == [PRODUCTS, PROJECTS]


@pytest.mark.parametrize("count", [50, 51, 500])
async def test_pages(cloud: Cloud, client: TencentIotClient, count: int) -> None:
    """Products and projects are found, however many pages they fill."""
    fill(cloud, *(make(f"P{number:03}") for number in range(count)))
    cloud.emulator.empty_projects += [
        EmulatedProject(project_id=f"prj-{number}", name=str(number))
        for number in range(60)
    ]
    found = await discover(client)
    assert [item.id for item in found] == [f"P{number:03}" for number in range(count)]
    offsets = [
        entry.parameters["Offset"] for entry in cloud.emulator.requests(PRODUCTS)
    ]
    assert offsets == list(range(0, count, 50))
    assert len(cloud.emulator.requests(PROJECTS)) == 2


def page(*names: str, total: int, **parts: object) -> Fault:
    """Return a page of products."""
    return Fault(
        call=PRODUCTS,
        payload={
            "Products": [{"ProductId": name, "DataProtocol": 1} for name in names],
            "Total": total,
        },
        **parts,
    )


async def test_smaller_pages(cloud: Cloud, client: TencentIotClient) -> None:
    """A cloud that sends fewer than were asked for loses none."""
    cloud.emulator.faults += [page("A", "B", total=3), page("C", total=3)]
    found = await client.get_studio_product_list(origin="dialog")
    assert list(found) == ["A", "B", "C"]
    assert [entry.parameters["Offset"] for entry in cloud.emulator.journal] == [0, 2]


@pytest.mark.parametrize("names", [("A",), ()], ids=["repeated", "empty"])
async def test_list_without_an_end(
    cloud: Cloud, client: TencentIotClient, names: tuple[str, ...]
) -> None:
    """A page that brings nothing new is the last, whatever the Total."""
    cloud.emulator.faults.append(page(*names, total=10**9, times=99))
    found = await client.get_studio_product_list(origin="dialog")
    assert tuple(found) == names
    assert len(cloud.emulator.journal) == len(names) + 1


async def test_list_that_never_ends(
    cloud: Cloud, client: TencentIotClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list is capped, however much new each page brings."""
    monkeypatch.setattr(
        "custom_components.tencent_iot_explorer.api.lists._MOST_PAGES_OF_ACCOUNT", 3
    )
    cloud.emulator.choose_fault = lambda entry: page(
        f"P{entry.parameters['Offset']}", total=10**9
    )
    found = await client.get_studio_product_list(origin="dialog")
    assert list(found) == ["P0", "P1", "P2"]


async def test_denied(cloud: Cloud, client: TencentIotClient) -> None:
    """A key that may not list products is reported, without more requests."""
    cloud.expect(Denial.DOCUMENTED)
    cloud.emulator.cloud_api.accounts[SECRET_ID].denied.add(PRODUCTS)
    with pytest.raises(OperationDeniedError) as raised:
        await discover(client)
    assert f"(iotexplorer:{PRODUCTS})" in raised.value.message
    assert sent(cloud) == [PRODUCTS]


@pytest.mark.parametrize("fault", [None, Fault(call=PROJECTS, drop=True, times=9)])
async def test_names_of_projects_are_not_needed(
    cloud: Cloud, client: TencentIotClient, fault: Fault | None
) -> None:
    """Products are found without the names of their projects, too."""
    cloud.expect(Denial.DOCUMENTED)
    fill(cloud, make("LAMP"))
    if fault:
        cloud.emulator.faults.append(fault)
    else:
        cloud.emulator.cloud_api.accounts[SECRET_ID].denied.add(PROJECTS)
    (found,) = await discover(client)
    assert (found.project_id, found.project_name) == ("prj-home", "")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"code": "AuthFailure.UnauthorizedOperation"}, OperationDeniedError),
        ({"drop": True, "times": 9}, FateUnknownError),
    ],
)
async def test_projects_are_needed(
    cloud: Cloud,
    client: TencentIotClient,
    fault: dict[str, Any],
    kind: type[TencentIotError],
) -> None:
    """Where products are listed by project only, a failure to list these is reported."""
    cloud.expect(Denial.DOCUMENTED)
    fill(cloud, make("LAMP"))
    cloud.emulator.cloud_api.variants.without_project = WithoutProject.EMPTY
    cloud.emulator.faults.append(Fault(call=PROJECTS, **fault))
    with pytest.raises(kind):
        await discover(client)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("UnauthorizedOperation.NoPermissionToProject", NoPermissionError),
        ("ResourceNotFound.ProjectNotExist", RefusedError),
        ("InvalidParameterValue.ProductParmsError", InvalidInputError),
        ("FailedOperation.Mystery", UnknownCodeError),
    ],
)
@pytest.mark.parametrize("refused", [{"prj-home"}, {"prj-home", "prj-work"}])
async def test_project_that_cannot_be_seen(
    cloud: Cloud,
    client: TencentIotClient,
    refused: set[str],
    code: str,
    kind: type[TencentIotError],
) -> None:
    """One project that is refused or just deleted hides no other; all are reported."""
    cloud.expect(code)
    fill(cloud, make("LAMP"), make("DOOR", WORK))
    cloud.emulator.cloud_api.variants.without_project = WithoutProject.EMPTY
    cloud.emulator.choose_fault = lambda entry: (
        Fault(code=code) if entry.parameters.get("ProjectId") in refused else None
    )
    if len(refused) == 1:
        assert [item.id for item in await discover(client)] == ["DOOR"]
    else:
        with pytest.raises(kind):
            await discover(client)


async def test_key_that_is_deleted_meanwhile(
    cloud: Cloud, client: TencentIotClient
) -> None:
    """What is wrong with the key is no matter of a single project."""
    code = "AuthFailure.SecretIdNotFound"
    cloud.expect(code)
    fill(cloud, make("LAMP"), make("DOOR", WORK))
    cloud.emulator.cloud_api.variants.without_project = WithoutProject.EMPTY
    cloud.emulator.choose_fault = lambda entry: (
        Fault(code=code) if entry.parameters.get("ProjectId") == "prj-work" else None
    )
    with pytest.raises(UnknownSecretIdError):
        await discover(client)


@pytest.mark.parametrize(
    "code", ["ResourceNotFound.ProjectNotExist", "FailedOperation.Mystery"]
)
async def test_list_that_is_refused_without_a_project(
    cloud: Cloud, client: TencentIotClient, code: str
) -> None:
    """However the cloud says that it wants a project, the projects are asked."""
    cloud.expect(code)
    fill(cloud, make("LAMP"))
    cloud.emulator.faults.append(Fault(call=PRODUCTS, code=code))
    assert [item.id for item in await discover(client)] == ["LAMP"]


COMPLETE = {"ProductId": "A", "ProductName": "Lamp", "DataProtocol": 1}


@pytest.mark.parametrize(
    ("changes", "product"),
    [
        ({}, Product(id="A", name="Lamp")),
        ({"DataProtocol": "1"}, Product(id="A", name="Lamp")),
        ({"DataProtocol": 2}, None),
        ({"DataProtocol": True}, None),
        ({"DataProtocol": None}, None),
        ({"ProductId": ""}, None),
        ({"ProductId": "a/b"}, None),
        ({"ProductId": 5}, None),
        ({"ProductId": None}, None),
        ({"ProductName": ""}, Product(id="A", name="A")),
        ({"ProductName": 7}, Product(id="A", name="A")),
        ({"ProductName": " a\nb "}, Product(id="A", name="a b")),
        ({"ProductName": "\ud800"}, Product(id="A", name="?")),
        ({"DeviceCount": 3}, Product(id="A", name="Lamp", device_count=3)),
        ({"DeviceCount": -1}, Product(id="A", name="Lamp")),
        ({"DeviceCount": "3"}, Product(id="A", name="Lamp")),
        (
            {"DevStatus": "dev"},
            Product(id="A", name="Lamp", status=ProductStatus("dev")),
        ),
        ({"DevStatus": "new"}, Product(id="A", name="Lamp")),
        ({"DevStatus": []}, Product(id="A", name="Lamp")),
        ({"ProjectId": []}, Product(id="A", name="Lamp")),
    ],
    ids=repr,
)
async def test_product(
    cloud: Cloud,
    client: TencentIotClient,
    changes: Mapping[str, object],
    product: Product | None,
) -> None:
    """What can be used of a product is used, and one that cannot be is left out."""
    document = {"Products": [{**COMPLETE, **changes}], "Total": 1, "RequestId": "id"}
    cloud.emulator.faults.append(Fault(body=json.dumps({"Response": document})))
    found = await client.get_studio_product_list(origin="dialog")
    assert list(found.values()) == ([product] if product else [])


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([{"ProjectId": "a", "ProjectName": "A"}], [Project(id="a", name="A")]),
        ({"ProjectId": "a"}, [Project(id="a", name="a")]),
        ([None, 5, "a", [], {}, {"ProjectId": ""}], []),
    ],
)
async def test_project(
    cloud: Cloud, client: TencentIotClient, items: object, found: list[Project]
) -> None:
    """A project that has an id is found, in an array or alone."""
    cloud.emulator.faults.append(Fault(payload={"Projects": items, "Total": 1}))
    projects = await client.get_project_list(origin="dialog")
    assert list(projects.values()) == found


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"Products": []},
        {"Products": [], "Total": "2"},
        {"Products": None, "Total": 2},
        {"Products": "none", "Total": 2},
        {"Projects": [], "Total": 1},
    ],
    ids=repr,
)
async def test_no_list(
    cloud: Cloud, client: TencentIotClient, payload: dict[str, Any]
) -> None:
    """What is no list of products is never taken for an empty one."""
    cloud.emulator.faults.append(Fault(payload=payload))
    with pytest.raises(BrokenReplyError):
        await client.get_studio_product_list(origin="dialog")


async def test_secrets_are_hidden(cloud: Cloud, client: TencentIotClient) -> None:
    """Where the cloud puts a key into a name or an id, it is not kept."""
    products = [
        {"ProductId": "A", "ProductName": f"of {SECRET_ID}", "DataProtocol": 1},
        {"ProductId": "B", "ProjectId": f"prj-{SECRET_ID}", "DataProtocol": 1},
        {"ProductId": f"C-{SECRET_ID}", "DataProtocol": 1},
        {"ProductId": f"D {SECRET_ID}", "DataProtocol": 1},
    ]
    cloud.emulator.faults.append(Fault(payload={"Products": products, "Total": 4}))
    found = await client.get_studio_product_list(origin="dialog")
    assert list(found) == ["A", "B"]
    assert SECRET_ID not in repr(found)
