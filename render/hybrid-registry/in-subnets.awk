# Reads lines that start with an IP address, and prints the first address that is in one of the CIDR blocks in `subnets`.
BEGIN {
  count = split(subnets, subnet, " ")
  for (i = 1; i <= count; i++) {
    split(subnet[i], part, "/")
    width[i] = length(bits(part[1]))
    prefix[i] = substr(bits(part[1]), 1, part[2])
  }
}
{
  address = bits($1)
  for (i = 1; i <= count && address != ""; i++)
    if (length(address) == width[i] && substr(address, 1, length(prefix[i])) == prefix[i]) { print $1; exit }
}
# An address as text of 32 or 128 ones and zeros; empty for anything else.
function bits(address) {
  if (address ~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/) return ipv4_bits(address)
  if (address ~ /^[0-9a-f:]+$/ && address ~ /:/) return ipv6_bits(address)
  return ""
}
function ipv4_bits(address,   octet, text, i, power) {
  split(address, octet, ".")
  for (i = 1; i <= 4; i++)
    for (power = 128; power >= 1; power /= 2) text = text (int(octet[i] / power) % 2)
  return text
}
# "::" stands for the groups of zeros that are missing.
function ipv6_bits(address,   half, left, right) {
  split(address, half, "::")
  left = group_bits(half[1])
  right = group_bits(half[2])
  while (length(left) + length(right) < 128) left = left "0"
  return left right
}
function group_bits(groups,   group, count, text, digits, i, j) {
  count = split(groups, group, ":")
  for (i = 1; i <= count; i++) {
    digits = substr("000" group[i], length(group[i]))
    for (j = 1; j <= 4; j++) text = text digit_bits(index("0123456789abcdef", substr(digits, j, 1)) - 1)
  }
  return text
}
function digit_bits(value) {
  return (int(value / 8) % 2) (int(value / 4) % 2) (int(value / 2) % 2) (value % 2)
}
