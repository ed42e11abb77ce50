package org.jbootd.udp;

/** Event loops as other systems than Linux have them. */
public final class EventLoopsForTests {

    private EventLoopsForTests() {}

    public static EventLoops withoutEpoll(int tftpThreads) {
        return new EventLoops(tftpThreads, false);
    }
}
