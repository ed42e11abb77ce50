package org.jbootd.app.leases.takeover;

import org.jbootd.app.ini.Place;

/** What the file of another server says last of an address. */
sealed interface Entry permits ForeignLease, Entry.OfNobody {

    /** @param why it cannot be taken over, for the operator */
    record OfNobody(Place place, String why) implements Entry {}

    /** Where it says so. */
    Place place();
}
