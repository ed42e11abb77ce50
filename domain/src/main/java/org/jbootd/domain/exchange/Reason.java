package org.jbootd.domain.exchange;

/** Why a packet got no address, or no answer: the same word in the log, in the metrics and in the SQL history. */
public enum Reason {
    /** Not a request this server understands: too short, not op 1, broken options. */
    MALFORMED,
    /** A message type no server answers: OFFER, ACK, NAK, or unknown. */
    NOT_FOR_SERVERS,
    /** It came from, or through, a network this server does not serve. */
    NO_SUBNET,
    /** It names another server (RFC 2131 §4.3.2). */
    NOT_OUR_SERVER,
    /** Another server's to answer: this one gives boot information only. */
    LEFT_TO_DHCP,
    /** There is no file for this machine to boot. */
    NOTHING_TO_BOOT,
    /** It asks for an item that the boot menu does not have. */
    NO_SUCH_ITEM,
    /** A plain DHCP or BOOTP client, and {@code allow_simple_dhcp} is off. */
    SIMPLE_CLIENT,
    /** Access control said no. */
    DENIED,
    /** Access control gave no answer. */
    NO_VERDICT,
    /** No address is free. */
    POOL_EXHAUSTED,
    /** The client claims an address nobody here knows it to have (RFC 2131 §4.3.2: silence). */
    UNKNOWN_CLIENT,
    /** The address is of another network. */
    WRONG_NETWORK,
    /** The address is not this client's. */
    WRONG_ADDRESS,
    /** Another client holds the address. */
    ADDRESS_TAKEN,
    /** RELEASE or DECLINE of an address that is not the sender's. */
    NOT_THE_HOLDER,
    /** RELEASE or DECLINE done: no answer is due (RFC 2131 §4.3.3, §4.3.4). */
    DONE,
    /** The store cannot keep the lease, so it is not given. */
    STORE_UNAVAILABLE,
    /** Other servers changed the same lease each time that it was decided on; one of them has answered, or it is asked for again. */
    OVERTAKEN,
    /** More work than can be answered in time: a bounded queue dropped it. */
    OVERLOADED,
    /** The server is stopping. */
    STOPPING
}
