"""The service API of Tencent Cloud IoT Explorer; knows nothing of Home Assistant."""
