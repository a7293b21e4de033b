"""The cloud of Tencent Cloud IoT Explorer: a client, data templates, values.

All that others may import stands here.
"""
