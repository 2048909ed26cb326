# SPDX-License-Identifier: Apache-2.0
"""Texts at the borders: what extension constructors just read or just refuse, and odd characters."""

CHARACTERS = ["a", "b", "e\u0301", "é", "\u0301", "\u200b", "\u202e", "\u0000", "\u0007", "\n", "\r",
              "\t", "\"", "'", "\\", "*", "\u00a0", "\u2028", "\ufeff", "\U0001f34c", "\U000e0001",
              "\u0e33", "\u0378", "\ud7ff", "\uffff", "\u212a", "\u1100\u1161", " ", "//", "?", "@"]
NUMBERS = ["0", "1", "-1", "9", "00", "01", "922337203685477", "922337203685478", "9223372036854775807",
           "9223372036854775808", "-9223372036854775808", "106751991167", "2562047788015",
           "153722867280912", "9223372036854775", "18446744073709551616", ""]


def strange_text(source):
    """A short text of letters, marks, controls and what Cedar's printer escapes."""
    return "".join(source.choice(CHARACTERS) for _ in range(source.randrange(5)))


def changed(source, text):
    """The text, often with one character more, less or other."""
    if source.random() < 0.5: return text
    position = source.randrange(len(text) + 1)
    letter = source.choice("0123456789-+:.TZdhms/ae fxX٣\u0301")
    kind = source.randrange(3)
    if kind == 0: return text[:position] + letter + text[position:]
    if kind == 1: return text[:position] + text[position + 1:]
    return text[:position] + letter + text[position + 1:]


def decimal(source):
    return f"{source.choice(NUMBERS)}.{source.choice(['0', '5', '58', '5807', '5808', '0001', '99999', ''])}"


def address(source):
    group = lambda: source.choice(["0", "1", "ff", "FFFF", "abcd", "10000", "", "01"])
    if source.random() < 0.5:
        text = ".".join(str(source.choice([0, 1, 9, 10, 127, 224, 255, 256])) for _ in range(4))
    else:
        text = ":".join(group() for _ in range(source.choice([3, 7, 8, 8, 9])))
        if source.random() < 0.5:
            position = source.randrange(len(text) + 1)
            text = text[:position] + "::" + text[position:]
    if source.random() < 0.4:
        text += "/" + str(source.choice([0, 1, 8, 31, 32, 33, 64, 127, 128, 129, "08", ""]))
    return text


def datetime(source):
    pick = lambda *choices: source.choice(choices)
    text = f"{pick('0000', '0001', '1969', '1970', '2000', '2023', '2024', '9999', '10000')}-" \
           f"{pick('01', '02', '12', '00', '13')}-{pick('01', '28', '29', '30', '31', '32', '00')}"
    if source.random() < 0.3: return text
    text += f"T{pick('00', '12', '23', '24')}:{pick('00', '59', '60')}:{pick('00', '59', '60')}"
    text += pick("", "", ".000", ".999", ".9", ".0000")
    return text + pick("Z", "+0000", "-0000", "+2359", "-2359", "+2400", "+0060", "+01:00", "", "z")


def duration(source):
    sign = source.choice(["", "", "-", "+"])
    units = ["d", "h", "m", "s", "ms"]
    if source.random() < 0.8: units = [unit for unit in units if source.random() < 0.5]
    else: source.shuffle(units)
    return sign + "".join(source.choice(NUMBERS[:3] + NUMBERS[5:]) .replace("-", "") + unit
                          for unit in units)


def extension_text(source):
    """A constructor and a text that it reads, or nearly."""
    name, make = source.choice([("decimal", decimal), ("ip", address), ("datetime", datetime),
                                ("duration", duration)])
    return name, changed(source, make(source))
