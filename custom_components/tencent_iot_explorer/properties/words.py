"""The words by which rules know what a property is.

They are written in simplified characters, for which traditional ones count as well. A
Chinese word counts wherever a name has it. A Latin one counts as a whole word of a name or
an id, both of which are cut at signs, at digits and before capital letters; `time_left` are
two words beside each other. `but_not` has what a word does not mean: none of that may be in
the name.
"""

from .evidence import Words

# --- Facts and settings -----------------------------------------------------------------
# Beside one of these nothing that is declared as writable is taken for a fact.
SETTING = Words.of(
    "设置 设定 目标 阈值 门限 上限 下限 限值 限制 最大 最小 最高 最低 校准 校正 补偿 修正 定时 倒计时 预约"
    " 预设 默认 额定 调节 延时 延迟 周期 间隔 set setting settings setpoint target limit threshold"
    " max min maximum minimum calibration calibrate offset timer countdown count_down default"
    " preset delay period interval"
)
# The same for numbers, which are then the limit that an alarm is for.
ALARM_LIMIT = Words.of(
    "报警 告警 预警 警戒 保护 alarm alert warning protect protection"
)
# The same for choices and switches.
CONTROL = Words.of(
    "开关 使能 启用 功能 模式 控制 切换 选择 方式 档位 灵敏度 灯 switch enable mode control select"
    " sensitivity"
)
CURRENT = Words.of(
    "当前 实时 目前 现在 剩余 累计 累积 总 已用 已使用 current cur now realtime real_time remaining"
    " remain total actual measured accumulated time_left days_left hours_left minutes_left"
    " left_time left_days left_hours left_minutes left_level water_left"
)
MEASURED_VALUE = Words.of("检测值 测量值 监测值 实测值 measured_value")
STATE = Words.of("状态 state status")
# Sensors that say what they feel: an id with `sensor` proves nothing without one of these.
SENSING = Words.of("磁 感应 检测")
BATTERY_STATE = Words.of("电池电量 电池状态 电池等级 电池级别 电池低")

# --- Quantities -------------------------------------------------------------------------
BATTERY = Words.of(
    "电量 电池 battery",
    but_not="用电 耗电 发电 充电量 放电量 增加 累计 累积 总电量 温度 电压 电流 功率 容量 健康 寿命"
    " 循环 次数 数量 个数 时间 时长 内阻 voltage temperature capacity health life cycles count time",
)
HUMIDITY = Words.of("湿度 humidity hum")
TEMPERATURE = Words.of(
    "温度 水温 室温 气温 体温 炉温 temperature temp",
    but_not="色温 color_temp color_temperature colour_temperature",
)
# Home Assistant would convert it as if it were a temperature.
TEMPERATURE_DIFFERENCE = Words.of(
    "校准 校正 补偿 修正 温差 回差 偏移 偏差 calibration offset hysteresis difference delta"
)
CARBON_DIOXIDE = Words.of("二氧化碳 co2 eco2")
VOLATILE_COMPOUNDS = Words.of("挥发性有机 voc tvoc")
CARBON_MONOXIDE = Words.of("一氧化碳 co", but_not="co2")
PM25 = Words.of("细颗粒物 pm2.5 pm25 pm2d5 pm2p5")
PM10 = Words.of("可吸入颗粒物 pm10")
PM1 = Words.of("pm1")
WATER = Words.of("水 water")
STORED = Words.of("剩余 水位 液位 remaining water_left water_level")
AIR_PRESSURE = Words.of(
    "气压 air_pressure barometric atmospheric_pressure", but_not="血压 收缩压 舒张压"
)
# What counts on and on, or from zero each day.
COUNTED = Words.of(
    "总 累计 累积 今日 今天 当日 当天 本月 当月 本年 用电 耗电 发电 用水 耗水 total today daily"
    " consumption consumed accumulated cumulative"
)
# What does not, although one of the words above may stand beside it.
NOT_COUNTED = Words.of(
    "增加 增量 本次 单次 上次 昨日 昨天 上月 剩余 余额 add added delta increment last yesterday"
    " remaining"
)
# What 度 can mean.
ELECTRICITY = Words.of("用电 耗电 发电 电量 电能 ec electricity energy kwh")
ANGLE = Words.of(
    "纬 经度 东经 西经 角 方向 latitude longitude longtitude lat lng lon angle direction heading"
)

# --- Labels -----------------------------------------------------------------------------
# These are whole labels.
OFF = Words.of(
    "关 关闭 已关闭 关机 未开启 未打开 停用 禁用 否 off close closed disable disabled no"
)
ON = Words.of(
    "开 开启 已开启 打开 已打开 开机 启用 是 on open opened enable enabled yes"
)
COVER_OPEN = Words.of("开 开启 打开 open")
COVER_CLOSE = Words.of("关 关闭 close")
COVER_STOP = Words.of("停 停止 暂停 stop pause")
# These are parts of labels.
GOOD = Words.of("正常 normal ok", but_not="不正常 非正常")
NOT = Words.of("未 无 没 no not none")
BAD = Words.of(
    "告警 报警 警报 异常 不正常 非正常 故障 检测到 拆卸 被拆 漏水 触发 低电 电量低 alarm fault error"
    " abnormal detected triggered leak leaking tampered failure low_battery"
)
# Whatever is broken: that is a problem, and not what the sensor is for.
BROKEN = Words.of("故障 fault error failure")
OCCUPIED = Words.of("有人 有移动 检测到人 occupied motion presence")
UNOCCUPIED = Words.of("无人 没人 unoccupied vacant")
CHARGING = Words.of("充电中 正在充电 charging")
LOCK = Words.of("锁 lock locked unlock unlocked")
UNLOCKED = Words.of("未 开 解 unlock unlocked not")

# --- What on means, by the name -----------------------------------------------------------
CHILD_LOCK = Words.of("童锁 儿童锁 child")
LOW_BATTERY = Words.of("低电 电量低 电池低 low_battery battery_low")
# With labels that say good and bad; the first that is in name or label counts.
ALARMS = (
    ("tamper", Words.of("拆 tamper tampered")),
    ("smoke", Words.of("烟 smoke", but_not="油烟 烟机 排烟")),
    ("carbon_monoxide", CARBON_MONOXIDE),
    ("gas", Words.of("燃气 可燃 天然气 煤气 gas")),
    ("moisture", Words.of("水浸 漏水 浸水 leak leaking flood")),
    ("battery", LOW_BATTERY),
    ("occupancy", Words.of("人体 移动 motion pir")),
)
# With labels that only say on and off.
CONTACTS = (
    ("tamper", Words.of("防拆 tamper")),
    ("moisture", Words.of("水浸 漏水 浸水 leak flood")),
    ("smoke", Words.of("烟雾 烟感 smoke")),
    ("battery", LOW_BATTERY),
    ("door", Words.of("门磁 门窗 door", but_not="lock bell")),
    ("window", Words.of("窗 window", but_not="窗帘 橱窗")),
)

# --- Categories ---------------------------------------------------------------------------
CONFIG = Words.of(
    "童锁 儿童锁 倒计时 定时 指示灯 上电 重启状态 断电记忆 校准 校正 灵敏度 阈值 门限 上限 下限 最大 最小"
    " 单位 温标 音量 铃声 语言 背光 勿扰 child timer countdown count_down indicator relay_status"
    " calibration calibrate sensitivity threshold limit max min convert ringtone backlight language"
    " dnd"
)
DIAGNOSTIC = Words.of(
    "电池 故障 错误 防拆 信号 版本 固件 battery fault error tamper signal rssi version firmware mac ip",
    but_not="信号灯",
)
# What most people never look at.
SELDOM_NEEDED = Words.of("版本 固件 rssi mac version firmware")

# --- Lights and covers --------------------------------------------------------------------
LIGHT_SWITCH_ID = Words.of("power switch onoff on_off led light lamp")
LIGHT_SWITCH = Words.of(
    "开关 灯 switch led light lamp",
    but_not="指示 背光 屏 indicator backlight screen display",
)
LAMP = Words.of("灯 light led lamp")
BRIGHTNESS = Words.of(
    "亮度 bright brightness",
    but_not="屏 背光 指示 indicator backlight screen display",
)
COLOR_TEMPERATURE = Words.of("色温 color_temp color_temperature colour_temperature")
COLOR = Words.of("颜色 彩 色温 rgb color colour hue")
RED = Words.of("红 red")
GREEN = Words.of("绿 green")
BLUE = Words.of("蓝 blue")
COLOR_LABEL = Words.of("彩 color colour")
WHITE_LABEL = Words.of("白 双色 色温 冷暖 white")
COVER = Words.of(
    "帘 幕布 百叶 卷闸 车库门 推窗 天窗 开合 curtain blind blinds shutter shade awning garage"
)
HOW_FAR = Words.of("百分比 位置 打开 开度 percent percentage position opening")
OPEN_POSITION = Words.of("打开 开合 open opening")
