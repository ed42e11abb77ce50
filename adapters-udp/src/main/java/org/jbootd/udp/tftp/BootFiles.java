package org.jbootd.udp.tftp;

import java.net.InetAddress;
import org.jbootd.domain.files.FileUnavailable;
import org.jbootd.domain.files.OpenFile;

/** Where the TFTP server has its files from. */
@FunctionalInterface
public interface BootFiles {

    /**
     * May block; called from several threads at once, none of which serves anybody else meanwhile.
     *
     * @param requestedName exactly as the client sent it: making it safe is this method's task
     * @throws FileUnavailable when there is no such file, or this client may not have it
     */
    OpenFile open(String requestedName, InetAddress client) throws FileUnavailable;
}
