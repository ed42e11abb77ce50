package org.jbootd.domain.lease;

import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** An address that belongs to one machine, by the operator's word ({@code [static_dhcp]}). */
public record Reservation(HardwareAddress hardware, Ipv4 address) {}
