"""The projects that products belong to, which say in whose account and where they are."""

from dataclasses import dataclass

UIN = "100000000001"
REGION = "ap-guangzhou"


@dataclass(frozen=True, kw_only=True)
class EmulatedProject:
    """A project: it belongs to one main account, and is kept in one region."""

    project_id: str
    name: str
    region: str = REGION
    uin: str = UIN
    instance_id: str = "iotexplorer-demo"


DEMO_PROJECT = EmulatedProject(project_id="prj-demohome", name="我的家")
