package org.jbootd.files.remote;

import java.time.Duration;

/**
 * What one server of files may cost.
 *
 * @param downloads at once, each with a thread and a connection
 * @param asking threads and connections more, which ask about files whose content is not loaded
 * @param waiting downloads that have not begun, or have no turn yet; beyond that files cannot be had
 * @param copies files on this machine's disk, each with a descriptor; the one not used for longest goes
 * @param connect to get a connection
 * @param answer from the request for a file until the server says what it has, waiting for a download's turn included
 * @param idle between two pieces of an answer
 * @param total for one file
 * @param known how long what the server said is taken as still true: that a copy is the newest, or that there is no file
 * @param patience how long a machine waits for the answer to that, before it is served the copy that is here
 */
public record RemoteLimits(
        int downloads,
        int asking,
        int waiting,
        int copies,
        Duration connect,
        Duration answer,
        Duration idle,
        Duration total,
        Duration known,
        Duration patience) {

    public static final RemoteLimits USUAL = new RemoteLimits(
            48,
            16,
            4_096,
            256,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMinutes(30),
            Duration.ofSeconds(3),
            Duration.ofSeconds(2));

    /** The same, with as much patience as there is for an answer. */
    RemoteLimits patient() {
        return new RemoteLimits(downloads, asking, waiting, copies, connect, answer, idle, total, known, total);
    }
}
