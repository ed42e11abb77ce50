package org.jbootd.app.daemon;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.app.settings.AccessSettings;
import org.jbootd.app.settings.BootFileSettings;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.app.settings.SubnetSettings;
import org.jbootd.domain.access.AccessChain;
import org.jbootd.domain.boot.BootFiles;
import org.jbootd.domain.boot.BootMenu;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.exchange.ProxyDesk;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.files.FileSizes;
import org.jbootd.udp.notify.ListenerAddress;

/**
 * What one configuration makes of who may boot, what machines load, what they are told and who hears of it: all that another
 * configuration can take the place of while the daemon runs. Threads may share it.
 */
final class Policy implements AutoCloseable {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

    private final Optional<BootpSettings> bootp;
    private final AccessGate access;
    private final Optional<RootFiles> files;
    private final Optional<FileSizes> sizes;

    Policy(Settings settings) {
        this(settings, UnaryOperator.identity());
    }

    /** @param watch may stand between the gate and each backend of access control */
    Policy(Settings settings, UnaryOperator<AccessChain.Link> watch) {
        this(settings, watch, Optional.empty());
    }

    /** To take the place of {@code former}, whose copies of remote files are used on where nothing about them changes. */
    Policy(Settings settings, Policy former) {
        this(settings, UnaryOperator.identity(), former.files);
    }

    private Policy(Settings settings, UnaryOperator<AccessChain.Link> watch, Optional<RootFiles> former) {
        this.bootp = settings.dhcp().map(Settings.Dhcp::bootp);
        this.files = settings.tftp().map(tftp -> new RootFiles(tftp, former));
        this.sizes = files.map(found -> new FileSizes(
                found.desk(), bootp.map(BootpSettings::bootFileNames).orElse(Set.of()), BETWEEN_LOOKS));
        this.access = new AccessGate(bootp.map(BootpSettings::access).orElse(AccessSettings.EVERYBODY), watch);
    }

    /** Looks at the boot files. */
    void start() throws InterruptedException {
        if (sizes.isPresent()) {
            sizes.get().start();
        }
    }

    AccessGate access() {
        return access;
    }

    List<ListenerAddress> notified() {
        return bootp.map(BootpSettings::notified).orElse(List.of());
    }

    Optional<FileDesk> files() {
        return files.map(RootFiles::desk);
    }

    List<Subnet> subnets() {
        return served().map(
                        found -> found.hostNameServers() ? CurrentNameServers.wanted(found.subnet()) : found.subnet())
                .toList();
    }

    private Stream<SubnetSettings> served() {
        return bootp.stream().flatMap(found -> found.subnets().all().stream());
    }

    boolean wantsHostNameServers() {
        return served().anyMatch(SubnetSettings::hostNameServers);
    }

    BootFiles planner() {
        BootFileSettings named = bootp.orElseThrow().bootFiles();
        return new BootFiles(
                named.byArchitecture(),
                named.standard(),
                served().filter(subnet -> subnet.bootFile().isPresent())
                        .collect(Collectors.toMap(
                                subnet -> subnet.subnet().name(),
                                subnet -> subnet.bootFile().get())),
                named.ipxe(),
                name -> sizes.flatMap(known -> known.sizeOf(name)));
    }

    Desk.Settings decisions() {
        BootpSettings found = bootp.orElseThrow();
        return new Desk.Settings(
                found.allowSimpleDhcp(), found.authoritative(), found.pingCheck(), Desk.Settings.EXCHANGES_IN_FLIGHT);
    }

    private Optional<BootMenu> menu() {
        return bootp.orElseThrow().menu();
    }

    /** Of a server that gives boot information only. @param loop runs tasks on the thread that decides */
    ProxyDesk proxyDesk(Executor loop) {
        return new ProxyDesk(subnets(), access, planner(), menu(), loop, Desk.Settings.EXCHANGES_IN_FLIGHT);
    }

    /** From the next packet on {@code desk} goes on by this. */
    void putInForce(ProxyDesk desk) {
        desk.adopt(subnets(), access, planner(), menu());
    }

    @Override
    public void close() {
        sizes.ifPresent(FileSizes::close);
        files.ifPresent(RootFiles::close);
        access.close();
    }
}
