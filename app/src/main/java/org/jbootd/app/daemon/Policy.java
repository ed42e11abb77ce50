package org.jbootd.app.daemon;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jbootd.app.settings.AccessSettings;
import org.jbootd.app.settings.BootFileSettings;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.LeaseSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.app.settings.SubnetSettings;
import org.jbootd.app.settings.TftpSettings;
import org.jbootd.domain.access.AccessChain;
import org.jbootd.domain.access.ShadowedAccess;
import org.jbootd.domain.boot.BootFiles;
import org.jbootd.domain.boot.BootMenu;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.exchange.ProxyDesk;
import org.jbootd.domain.files.FileDesk;
import org.jbootd.domain.lease.Allocation;
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
    private final Allocation allocation;

    /** To be the first in force. */
    Policy(Settings settings) {
        this(settings, UnaryOperator.identity(), Optional.empty(), tftp -> RootFiles.serving(tftp, Optional.empty()));
    }

    /**
     * Never in force: to see what it would decide.
     *
     * @param watch stands between the gate and each backend of access control
     * @param comparison hears what {@code [bootp] shadow} says, instead of the log
     */
    Policy(Settings settings, UnaryOperator<AccessChain.Link> watch, ShadowedAccess.Comparison comparison) {
        this(settings, watch, Optional.of(comparison), RootFiles::looking);
    }

    /** To take the place of {@code former}, whose copies of remote files are used on where nothing about them changes. */
    Policy(Settings settings, Policy former) {
        this(settings, UnaryOperator.identity(), Optional.empty(), tftp -> RootFiles.serving(tftp, former.files));
    }

    private Policy(
            Settings settings,
            UnaryOperator<AccessChain.Link> watch,
            Optional<ShadowedAccess.Comparison> comparison,
            Function<TftpSettings, RootFiles> open) {
        this.bootp = settings.dhcp().map(Settings.Dhcp::bootp);
        this.allocation = settings.dhcp()
                .flatMap(Settings.Dhcp::leases)
                .map(LeaseSettings::allocation)
                .orElse(Allocation.SEQUENTIAL);
        this.files = settings.tftp().map(open);
        this.sizes = files.map(found -> new FileSizes(
                found.desk(), bootp.map(BootpSettings::bootFileNames).orElse(Set.of()), BETWEEN_LOOKS));
        this.access =
                new AccessGate(bootp.map(BootpSettings::access).orElse(AccessSettings.EVERYBODY), watch, comparison);
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

    UuidOrder uuidOrder() {
        return bootp.map(BootpSettings::uuidOrder).orElse(UuidOrder.LABEL);
    }

    Optional<FileDesk> files() {
        return files.map(RootFiles::desk);
    }

    List<Subnet> subnets() {
        return served().map(
                        found -> found.hostNameServers() ? CurrentNameServers.wanted(found.subnet()) : found.subnet())
                .map(subnet -> subnet.but().allocation(allocation).build())
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
                bootp.get().hosts(),
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
