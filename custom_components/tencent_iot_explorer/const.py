"""Constants of the Tencent IoT Explorer integration."""

from enum import StrEnum
from typing import Final

DOMAIN: Final = "tencent_iot_explorer"
MANUFACTURER: Final = "Tencent Cloud IoT Explorer"
CONSOLE_URL: Final = "https://console.cloud.tencent.com/iotexplorer"
POLICIES_URL: Final = "https://console.cloud.tencent.com/cam/policy"
VERIFICATION_URL: Final = "https://console.cloud.tencent.com/developer/auth"
ACCOUNT_KEYS_URL: Final = "https://console.cloud.tencent.com/cam/capi"
DOCUMENTATION_URL: Final = (
    "https://github.com/tencent-iot-explorer/home-assistant-tencent-iot-explorer"
    "/blob/main/docs"
)

# Of config entries.
ENTRY_VERSION: Final = 2
SYSTEM_ACTION_PREFIX: Final = "_sys_"
SUBENTRY_PRODUCT: Final = "product"
SECTION_ADVANCED: Final = "advanced"

CONF_ACCESS: Final = "access"
CONF_APP_KEY: Final = "app_key"
CONF_APP_SECRET: Final = "app_secret"
CONF_SECRET_ID: Final = "secret_id"
CONF_SECRET_KEY: Final = "secret_key"
CONF_REGION: Final = "region"
CONF_ENDPOINT: Final = "endpoint"
CONF_PRODUCT_ID: Final = "product_id"
CONF_PRODUCT_NAME: Final = "product_name"
CONF_ALL_DEVICES: Final = "all_devices"
# Stored: which inputs a person chose to be secret, which not to be, and values of the
# former, for all devices and by the DeviceName of one. The dialog has a field
# `secret_inputs` for the choice, which is stored apart.
CONF_SECRET: Final = "secret"
CONF_PLAIN: Final = "plain"
CONF_SECRET_VALUES: Final = "secret_inputs"
CONF_DEVICE_SECRET_VALUES: Final = "device_secret_inputs"
CONF_SECRET_INPUTS: Final = "secret_inputs"
CONF_TIMESTAMP_UNIT: Final = "timestamp_unit"
# Whether properties and events have entities. Products of earlier releases have no such
# setting until a person decides.
CONF_USE_PROPERTIES: Final = "use_properties"
# Whether devices report while the cloud calls them offline.
CONF_SLEEPS: Final = "sleeps"

# Options of an entry: whether the cloud pushes, and which address was last written into
# the rule of which product. Beside these, by Home Assistant's own names: the id of the
# webhook, the address that was last shown to a person who makes the rules, and the token
# by which messages are signed then.
CONF_PUSH: Final = "push"
CONF_RULES: Final = "rules"
# The products whose rules we have made, or were about to make, and never enabled.
CONF_UNFINISHED: Final = "unfinished_rules"

# In seconds: more than what tells two states of an entity apart.
APART: Final = 0.002

# What is in no diagnostics of what an entry stores.
KEY_FIELDS: Final = (CONF_APP_KEY, CONF_APP_SECRET, CONF_SECRET_ID, CONF_SECRET_KEY)

SERVICE_CALL_ACTION: Final = "call_action"
SERVICE_GET_ACTION_REFERENCE: Final = "get_action_reference"
SERVICE_GET_PROPERTIES: Final = "get_properties"
SERVICE_SET_PROPERTIES: Final = "set_properties"
ATTR_ACTION_ID: Final = "action_id"
ATTR_INPUTS: Final = "inputs"
ATTR_PROPERTIES: Final = "properties"
ATTR_WAIT_FOR_REPLY: Final = "wait_for_reply"


class Access(StrEnum):
    """Whose key an entry has."""

    ACCOUNT = "account"
    APPLICATION = "application"
