package org.jbootd.app.daemon;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import org.jbootd.app.settings.TftpSettings;
import org.jbootd.domain.files.AssignedNames;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.history.History;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.udp.EventLoops;
import org.jbootd.udp.tftp.TftpLimits;
import org.jbootd.udp.tftp.TftpServer;

/** Boot files by TFTP. */
final class FilesModule extends AbstractModule {

    private final TftpSettings tftp;
    private final Ipv4 address;
    private final FileDesk files;

    /**
     * @param address where requests are taken
     * @param files of the configuration that the daemon starts with
     */
    FilesModule(TftpSettings tftp, Ipv4 address, FileDesk files) {
        this.tftp = tftp;
        this.address = address;
        this.files = files;
    }

    @Provides
    @Singleton
    CurrentFiles currentFiles(AssignedNames names) {
        return new CurrentFiles(files, names);
    }

    @Provides
    @Singleton
    TftpServer tftpServer(CurrentFiles current, EventLoops loops, History history) {
        org.jbootd.udp.tftp.TftpSettings settings = new org.jbootd.udp.tftp.TftpSettings(
                address, tftp.port(), tftp.blockSize(), tftp.timeout(), TftpLimits.USUAL);
        return new TftpServer(settings, current, loops, history);
    }
}
