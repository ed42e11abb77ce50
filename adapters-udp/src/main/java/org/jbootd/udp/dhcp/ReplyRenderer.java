package org.jbootd.udp.dhcp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jbootd.domain.boot.BootPlan;
import org.jbootd.domain.client.BootProtocol;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Answer.BootInformation;
import org.jbootd.domain.exchange.Answer.Terms;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Octets;

/**
 * Puts answers into messages (RFC 2131 §4.3.1, table 3). Of the request, nothing comes back but its fixed fields and
 * options 61, 82, 97 and 118, and the address of a relay for ours. Holds no state; threads may share it.
 */
final class ReplyRenderer {

    /** The largest message that any client must take (RFC 2131 §2), with IP and UDP headers. */
    private static final int LEAST_MAXIMUM = 576;

    /** The largest message we send: a frame of ours is never cut into fragments. */
    private static final int MOST_MAXIMUM = 1500;

    private static final int IP_AND_UDP = 28;
    private static final int COOKIE_AND_END = 5;

    /** Relay information of more octets than this is not sent back: no relay makes it, and it must fit a frame. */
    private static final int MAX_RELAY_INFORMATION = 512;

    private static final int MAX_TEXT = 255;
    private static final int BLOCK = 512;
    private static final int MAX_BLOCKS = 0xffff;

    /**
     * Vendor information means something else to each vendor's machines; routes of option 121 take the place of the
     * routers (RFC 3442), and option 108 ends IPv4 (RFC 8925 §3.3).
     */
    private static final Set<Integer> ONLY_ON_REQUEST = Set.of(
            OptionCode.VENDOR_INFORMATION,
            OptionCode.IPV6_ONLY_PREFERRED,
            OptionCode.CLASSLESS_ROUTES,
            OptionCode.MICROSOFT_CLASSLESS_ROUTES);

    private final Octets serverName;
    private final Optional<Ipv4> fileServer;
    private final NetworkOfClient network;

    ReplyRenderer(DhcpSettings settings) {
        byte[] name = settings.serverName().orElse("").getBytes(StandardCharsets.US_ASCII);
        this.serverName = Octets.of(name).slice(0, Math.min(name.length, DhcpPacket.SNAME_SIZE - 1));
        this.fileServer = settings.fileServer();
        this.network = new NetworkOfClient(settings);
    }

    /** @return the message to send, empty for {@link Answer.Silence} */
    Optional<DhcpPacket> render(DhcpPacket request, Answer answer) {
        if (answer instanceof Answer.Silence) {
            return Optional.empty();
        }
        if (answer instanceof Answer.Offer offer) {
            return Optional.of(lease(request, MessageType.OFFER, offer.terms()));
        }
        if (answer instanceof Answer.Ack ack) {
            return Optional.of(lease(request, MessageType.ACK, ack.terms()));
        }
        if (answer instanceof Answer.InformAck inform) {
            return Optional.of(inform(request, inform));
        }
        if (answer instanceof Answer.Nak nak) {
            return Optional.of(nak(request, nak));
        }
        if (answer instanceof Answer.BootReply reply) {
            return Optional.of(bootReply(request, reply.terms()));
        }
        if (answer instanceof Answer.ProxyOffer offer) {
            return Optional.of(proxyOffer(request, offer.boot()));
        }
        if (answer instanceof Answer.ProxyAck ack) {
            return Optional.of(proxyAck(request, ack));
        }
        throw new AssertionError(answer);
    }

    private DhcpPacket lease(DhcpPacket request, int type, Terms terms) {
        Wishes wishes = new Wishes(request.options());
        ReplyOptions options = heading(type, request, terms.subnet());
        network(options, terms.subnet());
        times(options, terms.leaseTime(), wishes);
        boot(options, request, terms.plan(), terms.subnet());
        names(options, terms.subnet(), terms.hostName(), wishes);
        more(options, terms.subnet(), terms.plan(), wishes);
        options.put(OptionCode.SUBNET_SELECTION, network.honoured(request, terms.subnet()));
        echoes(options, request);
        // A client may be reached at the address it has only if it is told so, and never outside its subnet.
        boolean confirms = type == MessageType.ACK
                && request.ciaddr().equals(terms.address())
                && terms.subnet().network().hasHost(terms.address());
        Ipv4 ciaddr = confirms ? request.ciaddr() : Ipv4.UNSPECIFIED;
        return reply(
                request, ciaddr, terms.address(), terms.subnet(), terms.plan(), layout(options, request, terms.plan()));
    }

    /** RFC 2131 §4.3.5: no yiaddr, no times. */
    private DhcpPacket inform(DhcpPacket request, Answer.InformAck answer) {
        ReplyOptions options = heading(MessageType.ACK, request, answer.subnet());
        network(options, answer.subnet());
        boot(options, request, answer.plan(), answer.subnet());
        Wishes wishes = new Wishes(request.options());
        names(options, answer.subnet(), answer.hostName(), wishes);
        more(options, answer.subnet(), answer.plan(), wishes);
        options.put(OptionCode.SUBNET_SELECTION, network.honoured(request, answer.subnet()));
        echoes(options, request);
        return reply(
                request,
                answer.address(),
                Ipv4.UNSPECIFIED,
                answer.subnet(),
                answer.plan(),
                layout(options, request, answer.plan()));
    }

    private static DhcpPacket nak(DhcpPacket request, Answer.Nak answer) {
        ReplyOptions options = heading(MessageType.NAK, request, answer.subnet());
        options.text(OptionCode.MESSAGE, cut(answer.text(), MAX_TEXT));
        echoes(options, request);
        // A relay shall broadcast it: the client may not have the address it thinks it has (RFC 2131 §4.3.2).
        boolean relayed = !request.giaddr().isUnspecified();
        int flags = relayed ? request.flags() | DhcpPacket.BROADCAST_FLAG : request.flags();
        return new DhcpPacket(
                DhcpPacket.BOOTREPLY,
                request.htype(),
                request.hlen(),
                0,
                request.xid(),
                0,
                flags,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                Ipv4.UNSPECIFIED,
                request.giaddr(),
                request.chaddr(),
                Octets.EMPTY,
                Octets.EMPTY,
                true,
                options.fittedInto(available(request)).build());
    }

    /** RFC 1534 §2: nothing that only DHCP knows; RFC 951 §3: vendor data of 64 octets. */
    private DhcpPacket bootReply(DhcpPacket request, Terms terms) {
        ReplyOptions options = new ReplyOptions();
        network(options, terms.subnet());
        terms.hostName().ifPresent(name -> options.text(OptionCode.HOST_NAME, cut(name, MAX_TEXT)));
        terms.subnet().domainName().ifPresent(name -> options.text(OptionCode.DOMAIN_NAME, cut(name, MAX_TEXT)));
        more(options, terms.subnet(), terms.plan(), Wishes.NONE);
        options.put(OptionCode.RELAY_INFORMATION, relayInformation(request));
        options.fittedInto(
                DhcpPacket.MINIMUM_SIZE - DhcpPacket.HEADER_SIZE - COOKIE_AND_END + sizeOfRelayInformation(request));
        OptionLayout layout = new OptionLayout(options.build(), Options.NONE, Options.NONE);
        return reply(request, request.ciaddr(), terms.address(), terms.subnet(), terms.plan(), layout);
    }

    /**
     * PXE 2.1 §2.2.2, table 2-3. The client has no address, and its IP stack may wait for another server's: everybody on
     * its wire hears this.
     */
    private DhcpPacket proxyOffer(DhcpPacket request, BootInformation boot) {
        Octets vendor = boot.menu()
                .map(menu -> PxeOptions.menu(menu, boot.subnet().server()))
                .orElse(PxeOptions.JUST_FETCH_THE_FILE);
        return boot(request, MessageType.OFFER, boot, vendor, Ipv4.UNSPECIFIED).withBroadcastFlag();
    }

    /** PXE 2.1 §2.2.4. The client has its address already, and from elsewhere. */
    private DhcpPacket proxyAck(DhcpPacket request, Answer.ProxyAck answer) {
        BootInformation boot = answer.boot();
        Octets vendor = answer.chosen()
                .map(PxeOptions::chosen)
                .or(() -> boot.menu()
                        .map(menu -> PxeOptions.menu(menu, boot.subnet().server())))
                .orElse(PxeOptions.JUST_FETCH_THE_FILE);
        return boot(request, MessageType.ACK, boot, vendor, request.ciaddr());
    }

    /** @param vendor what PXE firmware is told in option 43 */
    private DhcpPacket boot(DhcpPacket request, int type, BootInformation boot, Octets vendor, Ipv4 ciaddr) {
        ReplyOptions options = heading(type, request, boot.subnet());
        boot(options, request, boot.fetched(), boot.subnet());
        if (boot.protocol() == BootProtocol.PXE) {
            options.put(OptionCode.VENDOR_INFORMATION, vendor);
        }
        echoes(options, request);
        return reply(
                request,
                ciaddr,
                Ipv4.UNSPECIFIED,
                boot.subnet(),
                boot.fetched(),
                layout(options, request, boot.fetched()));
    }

    private static ReplyOptions heading(int type, DhcpPacket request, Subnet subnet) {
        Ipv4 server = RelayInformation.serverIdentifierOverride(request).orElse(subnet.server());
        return new ReplyOptions().octet(OptionCode.MESSAGE_TYPE, type).address(OptionCode.SERVER_IDENTIFIER, server);
    }

    /** Mask before routers: RFC 2132 §3.3. */
    private static void network(ReplyOptions options, Subnet subnet) {
        options.address(OptionCode.SUBNET_MASK, subnet.network().mask())
                .addresses(OptionCode.ROUTERS, subnet.routers())
                .addresses(OptionCode.NAME_SERVERS, subnet.nameServers());
    }

    /** T1 and T2 at their usual half and seven eighths, where that makes sense (RFC 2131 §4.4.5). */
    private static void times(ReplyOptions options, Duration leaseTime, Wishes wishes) {
        options.seconds(OptionCode.LEASE_TIME, leaseTime);
        long seconds = leaseTime.toSeconds();
        long renewal = seconds / 2;
        long rebinding = seconds - (seconds + 7) / 8;
        if (seconds < Lease.FOREVER.toSeconds() && renewal > 0 && renewal < rebinding) {
            if (wishes.include(OptionCode.RENEWAL_TIME)) {
                options.seconds(OptionCode.RENEWAL_TIME, renewal);
            }
            if (wishes.include(OptionCode.REBINDING_TIME)) {
                options.seconds(OptionCode.REBINDING_TIME, rebinding);
            }
        }
    }

    private void boot(ReplyOptions options, DhcpPacket request, BootPlan plan, Subnet subnet) {
        BootStage stage = ClientFacts.stage(request.options());
        Wishes wishes = new Wishes(request.options());
        if (stage.networkBoots()) {
            options.put(OptionCode.MACHINE_IDENTIFIER, ClientFacts.machineIdentifier(request.options()));
            if (wishes.include(OptionCode.BOOT_FILE_BLOCKS)) {
                blocks(plan).ifPresent(count -> options.word(OptionCode.BOOT_FILE_BLOCKS, count));
            }
            protocol(request.options())
                    .ifPresent(spoken -> options.text(OptionCode.VENDOR_CLASS, ClientFacts.vendorClass(spoken)));
        }
        if (plan.bootFile().isEmpty()) {
            return;
        }
        String file = plan.bootFile().get();
        if (wishes.include(OptionCode.TFTP_SERVER)) {
            options.text(OptionCode.TFTP_SERVER, fileServer(subnet).toString());
        }
        boolean isFirmwareUri = stage == BootStage.HTTP_FIRMWARE;
        if (wishes.include(OptionCode.BOOT_FILE) || isFirmwareUri || !fitsFileField(file)) {
            options.text(OptionCode.BOOT_FILE, file);
        }
        if (stage.networkBoots()
                && protocol(request.options()).filter(BootProtocol.PXE::equals).isPresent()) {
            options.put(OptionCode.VENDOR_INFORMATION, PxeOptions.JUST_FETCH_THE_FILE);
        }
    }

    private Ipv4 fileServer(Subnet subnet) {
        return fileServer.orElse(subnet.server());
    }

    /** The file's size in blocks of 512 octets; empty when the option cannot say it (RFC 2132 §3.15). */
    private static Optional<Integer> blocks(BootPlan plan) {
        return plan.sizeBytes()
                .map(size -> (size + BLOCK - 1) / BLOCK)
                .filter(count -> count > 0 && count <= MAX_BLOCKS)
                .map(Long::intValue);
    }

    /**
     * PXE §2.2.1, UEFI §24.7.3: firmware takes only replies that carry its own class; one that names none speaks PXE.
     * Another class, such as U-Boot's, is not ours to speak, and PXE's option 43 means something else to it.
     */
    private static Optional<BootProtocol> protocol(Options request) {
        return request.has(OptionCode.VENDOR_CLASS) ? ClientFacts.protocol(request) : Optional.of(BootProtocol.PXE);
    }

    private static void names(ReplyOptions options, Subnet subnet, Optional<String> hostName, Wishes wishes) {
        if (wishes.include(OptionCode.HOST_NAME)) {
            hostName.ifPresent(name -> options.text(OptionCode.HOST_NAME, cut(name, MAX_TEXT)));
        }
        if (wishes.include(OptionCode.DOMAIN_NAME)) {
            subnet.domainName().ifPresent(name -> options.text(OptionCode.DOMAIN_NAME, cut(name, MAX_TEXT)));
        }
        if (wishes.include(OptionCode.BROADCAST_ADDRESS) && subnet.network().prefix() < 31) {
            options.address(OptionCode.BROADCAST_ADDRESS, subnet.network().broadcast());
        }
    }

    /**
     * What the operator has for those who ask for it, in the order in which they do (RFC 2132 §9.8); else all of it but what only those may
     * hear of who ask.
     */
    private static void more(ReplyOptions options, Subnet subnet, BootPlan plan, Wishes wishes) {
        Map<Integer, Octets> configured = configured(subnet, plan);
        if (configured.isEmpty()) {
            return;
        }
        wishes.codes()
                .orElseGet(() -> configured.keySet().stream().filter(code -> !ONLY_ON_REQUEST.contains(code)))
                .filter(configured::containsKey)
                .forEach(code -> options.optional(code, configured.get(code)));
    }

    /** What is meant for the one machine goes before what all of its subnet are told. */
    private static Map<Integer, Octets> configured(Subnet subnet, BootPlan plan) {
        if (plan.options().isEmpty()) {
            return subnet.options();
        }
        Map<Integer, Octets> configured = new LinkedHashMap<>(subnet.options());
        configured.putAll(plan.options());
        return configured;
    }

    /** RFC 6842 §3; RFC 3046 §2.2: relay information comes back as it came, and last. */
    private static void echoes(ReplyOptions options, DhcpPacket request) {
        options.put(
                OptionCode.CLIENT_IDENTIFIER,
                request.options()
                        .get(OptionCode.CLIENT_IDENTIFIER)
                        .filter(id -> id.length() <= ClientFacts.MAX_IDENTIFIER));
        options.put(OptionCode.RELAY_INFORMATION, relayInformation(request));
    }

    private static Optional<Octets> relayInformation(DhcpPacket request) {
        return request.options()
                .get(OptionCode.RELAY_INFORMATION)
                .filter(value -> value.length() <= MAX_RELAY_INFORMATION);
    }

    private static OptionLayout layout(ReplyOptions options, DhcpPacket request, BootPlan plan) {
        boolean fileIsUsed =
                plan.bootFile().filter(ReplyRenderer::fitsFileField).isPresent();
        new Wishes(request.options())
                .codes()
                .ifPresent(codes -> options.arrange(codes.distinct().toList()));
        return options.layout(available(request), fileIsUsed);
    }

    /**
     * Octets for options, END not counted. Relay information does not count against what the client takes: whoever put it
     * in takes it out again (RFC 3046 §2.1). It may count against the frame.
     */
    private static int available(DhcpPacket request) {
        int wanted = request.options().word(OptionCode.MAXIMUM_SIZE).orElse(LEAST_MAXIMUM);
        int maximum = Math.min(Math.max(LEAST_MAXIMUM, wanted) + sizeOfRelayInformation(request), MOST_MAXIMUM);
        return maximum - IP_AND_UDP - DhcpPacket.HEADER_SIZE - COOKIE_AND_END;
    }

    private static int sizeOfRelayInformation(DhcpPacket request) {
        return relayInformation(request)
                .map(value -> OptionFields.sizeOf(value.length()))
                .orElse(0);
    }

    private DhcpPacket reply(
            DhcpPacket request, Ipv4 ciaddr, Ipv4 yiaddr, Subnet subnet, BootPlan plan, OptionLayout layout) {
        Octets file = plan.bootFile()
                .filter(ReplyRenderer::fitsFileField)
                .map(ReplyRenderer::octets)
                .orElse(Octets.EMPTY);
        return new DhcpPacket(
                DhcpPacket.BOOTREPLY,
                request.htype(),
                request.hlen(),
                0,
                request.xid(),
                0,
                request.flags(),
                ciaddr,
                yiaddr,
                fileServer(subnet),
                request.giaddr(),
                request.chaddr(),
                layout.sname(serverName),
                layout.file(file),
                true,
                layout.options());
    }

    /** The field keeps its final NUL. */
    private static boolean fitsFileField(String file) {
        return octets(file).length() < DhcpPacket.FILE_SIZE;
    }

    private static Octets octets(String text) {
        return Octets.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length);
    }
}
