package org.jbootd.udp.dhcp;

/** The options this server reads or writes, by their IANA numbers. */
final class OptionCode {

    static final int PAD = 0;
    static final int SUBNET_MASK = 1;
    static final int ROUTERS = 3;
    static final int NAME_SERVERS = 6;
    static final int HOST_NAME = 12;
    static final int BOOT_FILE_BLOCKS = 13;
    static final int DOMAIN_NAME = 15;
    static final int BROADCAST_ADDRESS = 28;
    static final int VENDOR_INFORMATION = 43;
    static final int REQUESTED_ADDRESS = 50;
    static final int LEASE_TIME = 51;
    static final int OVERLOAD = 52;
    static final int MESSAGE_TYPE = 53;
    static final int SERVER_IDENTIFIER = 54;
    static final int PARAMETER_LIST = 55;
    static final int MESSAGE = 56;
    static final int MAXIMUM_SIZE = 57;
    static final int RENEWAL_TIME = 58;
    static final int REBINDING_TIME = 59;
    static final int VENDOR_CLASS = 60;
    static final int CLIENT_IDENTIFIER = 61;
    static final int TFTP_SERVER = 66;
    static final int BOOT_FILE = 67;
    static final int USER_CLASS = 77;
    static final int RELAY_INFORMATION = 82;
    static final int ARCHITECTURES = 93;
    static final int NETWORK_INTERFACE = 94;
    static final int MACHINE_IDENTIFIER = 97;
    static final int IPV6_ONLY_PREFERRED = 108;
    static final int SUBNET_SELECTION = 118;
    static final int CLASSLESS_ROUTES = 121;
    static final int MICROSOFT_CLASSLESS_ROUTES = 249;
    static final int END = 255;

    private OptionCode() {}
}
