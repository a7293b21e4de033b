"""How units are spelled in data templates, and what each of them proves by itself.

What stands here are units, not products. Spaces do not count, and ㎥, ％, ℃ and the like
are m3, % and °C; large and small letters do count, because mW is not MW.
"""

from collections.abc import Mapping

# Home Assistant's spelling, and all others that mean the same without any doubt.
SPELLINGS: Mapping[str, str] = {
    "%": "% 百分比 百分之 percent Percent percentage %RH %rh RH%",
    "s": "s S sec Sec secs 秒 秒钟 second seconds Second Seconds",
    "min": "min Min MIN mins 分 分钟 minute minutes Minute Minutes",
    "h": "h H hour hours Hour Hours hr hrs 小时 时 钟头",
    "d": "d D day days Day Days 天 日",
    "ms": "ms 毫秒",
    "W": "W w 瓦 瓦特 watt Watt",
    "kW": "kW KW kw Kw 千瓦",
    "mW": "mW 毫瓦",
    "Wh": "Wh wh WH W·h W.h W-h 瓦时",
    "kWh": "kWh KWH kwh KWh Kwh kW-h KW-h kw-h kW·h KW·h kW.h KW.h kw.h kW*h"
    " 千瓦时 千瓦·时 kwh(度) kWh(度) KWH(度) KWh(度) 度(kwh) 度(kWh)",
    "A": "A a 安 安培",
    "mA": "mA ma MA 毫安",
    "V": "V v 伏 伏特 volt Volt",
    "mV": "mV mv 毫伏",
    "Hz": "Hz hz HZ 赫兹 赫",
    "°C": "°C °c oC oc C 摄氏度 摄氏 celsius Celsius",
    "°F": "°F °f oF of F 华氏度 华氏 fahrenheit Fahrenheit",
    "K": "K k 开尔文 开尔文/k 开尔文/K 开尔文(K) kelvin Kelvin",
    "ppm": "ppm PPM Ppm",
    "ppb": "ppb PPB",
    "μg/m³": "μg/m3 ug/m3 μg/m^3 ug/m^3 μg/立方米 微克/立方米 微克每立方米",
    "mg/m³": "mg/m3 mg/m^3 mg/立方米 毫克/立方米",
    "mmHg": "mmHg mmhg MMHG mmHG 毫米汞柱",
    "kPa": "kPa kpa KPa Kpa KPA 千帕",
    "hPa": "hPa hpa HPa HPA 百帕",
    "Pa": "Pa pa PA 帕 帕斯卡",
    "bpm": "bpm BPM 次/分 次/分钟",
    "kg": "kg KG Kg 千克 公斤",
    "g": "g 克",
    "L": "L l 升 公升",
    "mL": "mL ml ML 毫升",
    "m³": "m3 m^3 立方米 立方 方",
    "m": "m 米 公尺",
    "cm": "cm CM 厘米 公分",
    "mm": "mm MM 毫米",
    "km/h": "km/h KM/H Km/h kmh kph 公里/小时 千米/小时 公里/时 千米/时",
    "m/s": "m/s M/S 米/秒",
    "lx": "lx LX Lx lux Lux LUX 勒克斯",
    "kB/s": "KB/s kB/s kb/s KB/S KBps",
    "dBm": "dBm dbm DBM DBm",
    "dB": "dB db DB 分贝",
    "μS/cm": "μS/cm us/cm uS/cm μs/cm US/cm",
}
# Kilowatt-hours, degrees of an angle or of temperature: only words say which.
AMBIGUOUS = "度"
# Whoever writes a sentence where a unit belongs had none.
LONGEST = 8

# Nobody sets what is measured in these, unless a word says so.
MEASURED = {
    *("A", "mA", "V", "mV", "W", "kW", "mW", "kWh", "Wh", "Hz", "lx", "dBm"),
    *("ppm", "ppb", "μg/m³", "mg/m³", "μS/cm", "mmHg", "bpm"),
}
# In these some things are set and others are measured: words say which.
SET_OR_MEASURED = {"°C", "°F", "L", "mL", "m³", "kg", "g", "min", "h", "d"}
# The classes that a unit proves without any word.
CLASSES: Mapping[str, str] = {
    "W": "power",
    "kW": "power",
    "mW": "power",
    "A": "current",
    "mA": "current",
    "V": "voltage",
    "mV": "voltage",
    "kWh": "energy",
    "Wh": "energy",
    "°C": "temperature",
    "°F": "temperature",
    "lx": "illuminance",
    "dBm": "signal_strength",
    "ms": "duration",
    "s": "duration",
    "min": "duration",
    "h": "duration",
    "d": "duration",
    "kg": "weight",
    "g": "weight",
    "kB/s": "data_rate",
    "km/h": "speed",
    "Hz": "frequency",
}
# Values in these are measurements, also where nothing says of what.
MEASUREMENTS = {
    *("A", "mA", "V", "mV", "W", "kW", "mW", "Hz", "lx", "dB", "dBm", "kB/s"),
    *("%", "ppm", "ppb", "μg/m³", "mg/m³", "μS/cm", "mmHg", "Pa", "hPa", "kPa"),
    *("°C", "°F", "K", "kg", "g", "km/h", "m/s", "bpm"),
}
TEMPERATURES = {"°C", "°F", "K"}
