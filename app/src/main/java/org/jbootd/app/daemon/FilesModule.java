package org.jbootd.app.daemon;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.TftpSettings;
import org.jbootd.domain.files.AssignedNames;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.files.FilenameTranslator;
import org.jbootd.domain.files.RequestedPath;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.files.DirectoryFileSource;
import org.jbootd.files.FileSizes;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.tftp.TftpLimits;
import org.jbootd.udp.tftp.TftpServer;

/** Boot files of the local root, by the filters. */
final class FilesModule extends AbstractModule {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private final TftpSettings tftp;
    private final Optional<BootpSettings> bootp;

    /** @param bootp of the DHCP service beside it */
    FilesModule(TftpSettings tftp, Optional<BootpSettings> bootp) {
        this.tftp = tftp;
        this.bootp = bootp;
    }

    @Provides
    @Singleton
    FileDesk fileDesk() {
        return new FileDesk(new FilenameTranslator(tftp.filters()), new DirectoryFileSource(tftp.root()));
    }

    @Provides
    @Singleton
    FileSizes fileSizes(FileDesk desk) {
        return new FileSizes(desk, bootp.map(found -> found.bootFiles().names()).orElse(Set.of()), BETWEEN_LOOKS);
    }

    @Provides
    @Singleton
    TftpServer tftpServer(FileDesk desk, AssignedNames names, EventLoops loops) {
        Ipv4 address = tftp.address()
                .or(() -> bootp.map(found -> found.subnet().server()))
                .orElse(Ipv4.UNSPECIFIED);
        org.jbootd.udp.tftp.TftpSettings settings = new org.jbootd.udp.tftp.TftpSettings(
                address, tftp.port(), tftp.blockSize(), tftp.timeout(), TftpLimits.USUAL);
        return new TftpServer(settings, (name, client) -> desk.open(name, assigned(names, client)), loops);
    }

    private static Optional<RequestedPath> assigned(AssignedNames names, InetAddress client) {
        return client instanceof Inet4Address ? names.of(Ipv4.of(client.getAddress())) : Optional.empty();
    }
}
