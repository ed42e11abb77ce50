package org.jbootd.domain.access;

import java.util.Optional;

/** What access control says of a client. */
public sealed interface Verdict {

    Verdict GRANTED = new Granted(Optional.empty(), Optional.empty());

    /** @param hostName option 12 for the operating system @param bootFile the {@code {filename}} of this machine */
    record Granted(Optional<String> hostName, Optional<String> bootFile) implements Verdict {}

    /** @param why for the log, such as {@code "denied by [mac] AA-BB-CC/24"} */
    record Denied(String why) implements Verdict {}

    /**
     * Not this backend's to decide: the next one is asked, and where there is none the client is denied.
     *
     * @param why for the log, such as {@code "not listed in [mac]"}
     */
    record Unlisted(String why) implements Verdict {}
}
