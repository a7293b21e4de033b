"""The products of an account, found without anybody typing a ProductId."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from .client import TencentIotClient
from .errors import (
    InvalidInputError,
    NoPermissionError,
    RefusedError,
    TencentIotError,
    UnknownCodeError,
)
from .models import Product, Project

_MOST_PROJECTS = 200


async def discover_products(
    client: TencentIotClient, *, origin: str
) -> tuple[Product, ...]:
    """Return the products that a key of an account can see and that have a data template.

    That products are listed without a project is documented only by the project being
    optional, so that its projects are asked one by one where it brings none.
    Raises a TencentIotError where the key may not list.
    """
    projects: Mapping[str, Project] = {}
    try:
        products = await client.get_studio_product_list(origin=origin)
    except TencentIotError as err:
        if not concerns_list(err):
            raise
        products = {}
    if not products:
        projects = await client.get_project_list(origin=origin)
        products = await _products_of(client, projects, origin)
    elif any(product.project_id for product in products.values()):
        projects = await _named_projects(client, origin)
    return tuple(
        replace(product, project_name=projects[product.project_id].name)
        if product.project_id in projects
        else product
        for product in products.values()
    )


def concerns_list(err: TencentIotError) -> bool:
    """Return whether a list is refused for what is asked for, as far as anybody knows.

    Then the key may be one for all that else is needed, and another list may be read.
    """
    return isinstance(err, InvalidInputError | UnknownCodeError) or (
        type(err) is RefusedError
    )


async def _products_of(
    client: TencentIotClient, projects: Mapping[str, Project], origin: str
) -> Mapping[str, Product]:
    """Return the products of those projects that may be read, and are still there.

    Raises the refusal if there are none and any project was refused.
    """
    products: dict[str, Product] = {}
    refusal: TencentIotError | None = None
    for project_id in islice(projects, _MOST_PROJECTS):
        try:
            found = await client.get_studio_product_list(project_id, origin=origin)
        except TencentIotError as err:
            if not isinstance(err, NoPermissionError) and not concerns_list(err):
                raise
            refusal = err
        else:
            products |= {
                product.id: replace(product, project_id=project_id)
                for product in found.values()
            }
    if refusal and not products:
        raise refusal
    return products


async def _named_projects(
    client: TencentIotClient, origin: str
) -> Mapping[str, Project]:
    """Return the projects, none where they cannot be read: products do without."""
    try:
        return await client.get_project_list(origin=origin)
    except TencentIotError:
        return {}
