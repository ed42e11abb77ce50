package org.jbootd.domain.access;

import java.util.Optional;

/** What access control says of a client. */
public sealed interface Verdict {

    Verdict GRANTED = new Granted(Optional.empty(), Optional.empty());

    /** @param hostName option 12 for the operating system @param bootFile the {@code {filename}} of this machine */
    record Granted(Optional<String> hostName, Optional<String> bootFile) implements Verdict {}

    /** @param why for the log, such as {@code "not listed in [mac]"} */
    record Denied(String why) implements Verdict {}
}
