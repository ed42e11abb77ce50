package org.jbootd.app.leases.takeover;

/** What the file of another server says last of an address. */
sealed interface Entry permits ForeignLease, Entry.OfNobody {

    /** @param why it cannot be taken over, for the operator */
    record OfNobody(int line, String why) implements Entry {}

    /** Of the file, from 1. */
    int line();
}
