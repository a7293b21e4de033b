"""Tests of the Tencent IoT Explorer integration."""
