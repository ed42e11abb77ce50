package org.jbootd.udp.tftp;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;

/** Where the TFTP server has its files from. */
@FunctionalInterface
public interface BootFiles {

    /**
     * May read disks, and waits for nothing else; called from several threads at once, none of which serves anybody
     * else meanwhile.
     *
     * @param requestedName exactly as the client sent it: making it safe is this method's task
     * @return fails with {@link FileUnavailable} when there is no such file, or this client may not have it; may complete
     *     on any thread
     */
    CompletionStage<OpenFile> open(String requestedName, InetAddress client);
}
