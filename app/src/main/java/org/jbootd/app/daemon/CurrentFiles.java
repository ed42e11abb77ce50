package org.jbootd.app.daemon;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.files.AssignedNames;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.OpenFile;
import org.jbootd.domain.files.RequestedPath;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.tftp.BootFiles;

/** Boot files by the configuration in force. Threads share it. */
final class CurrentFiles implements BootFiles {

    private final AssignedNames names;
    private volatile FileDesk desk;

    CurrentFiles(FileDesk desk, AssignedNames names) {
        this.desk = desk;
        this.names = names;
    }

    /** Files are opened at {@code next} from now on; transfers under way go on with what they have open. */
    void adopt(FileDesk next) {
        desk = next;
    }

    @Override
    public CompletionStage<OpenFile> open(String requestedName, InetAddress client) {
        return desk.request(requestedName, assigned(client));
    }

    private Optional<RequestedPath> assigned(InetAddress client) {
        return client instanceof Inet4Address ? names.of(Ipv4.of(client.getAddress())) : Optional.empty();
    }
}
