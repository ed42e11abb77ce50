package org.jbootd.bench;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.boot.BootFiles;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientArchitecture;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Hosts;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.Desk;
import org.jbootd.domain.lease.AddressPool;
import org.jbootd.domain.lease.Lease;
import org.jbootd.domain.lease.LeaseBook;
import org.jbootd.domain.lease.LeaseChange;
import org.jbootd.domain.lease.LeaseStore;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.domain.net.Octets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What deciding costs, without sockets and disk: a whole DISCOVER and REQUEST, and a renewal, beside many leases. */
@State(Scope.Thread)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExchangeBenchmark {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Ipv4 SERVER = Ipv4.parse("10.0.0.1");
    static final Subnet LAN = Subnet.named("lan", new Ipv4Network(Ipv4.parse("10.0.0.0"), 8), SERVER)
            .pool(new AddressPool(Ipv4.parse("10.1.0.0"), 1 << 20))
            .excluded(Set.of(SERVER))
            .routers(List.of(SERVER))
            .nameServers(List.of(SERVER))
            .build();

    /** Leases that are there already. */
    @Param({"1000", "100000"})
    public int leases;

    private Desk desk;
    private int next;

    @Setup(Level.Iteration)
    public void fill() {
        desk = desk();
        for (next = 0; next < leases; next++) {
            discoverAndSelect(next);
        }
    }

    /** One that has no leases, and forgets whatever it is to store. */
    static Desk desk() {
        return new Desk(
                new LeaseBook(List.of(LAN), List.of()),
                AccessControl.EVERYBODY,
                new BootFiles(
                        Map.of(),
                        Optional.of("pxelinux.0"),
                        Map.of(),
                        Hosts.NONE,
                        Optional.empty(),
                        name -> Optional.of(1L)),
                new Forgetful(),
                () -> NOW,
                Runnable::run,
                Desk.Settings.of(true));
    }

    @Benchmark
    public Answer newMachine() {
        if (next - leases > 500_000) {
            fill(); // before the pool runs out; rare enough not to show
        }
        return discoverAndSelect(next++);
    }

    @Benchmark
    public Answer renewal() {
        next++;
        int client = Math.floorMod(next, leases);
        return answer(new ClientMessage.Renew(request(client), LAN.pool().at(client)));
    }

    private Answer discoverAndSelect(int client) {
        Request request = request(client);
        Answer offer = answer(new ClientMessage.Discover(request, Optional.empty()));
        return answer(new ClientMessage.Select(
                request, SERVER, ((Answer.Offer) offer).terms().address()));
    }

    private Answer answer(ClientMessage message) {
        return desk.answer(message).toCompletableFuture().join();
    }

    private static Request request(int client) {
        HardwareAddress hardware = HardwareAddress.ethernet(Octets.of(
                new byte[] {2, 0, (byte) (client >> 24), (byte) (client >> 16), (byte) (client >> 8), (byte) client}));
        return new Request(
                client,
                ClientIdentity.of(hardware),
                BootStage.FIRMWARE,
                LAN.name(),
                Ipv4.UNSPECIFIED,
                List.of(new ClientArchitecture(7)),
                Optional.empty(),
                Optional.empty());
    }

    /** Calls everything durable at once. */
    private static final class Forgetful implements LeaseStore {

        @Override
        public List<Lease> load() {
            return List.of();
        }

        @Override
        public Instant latest() {
            return Instant.EPOCH;
        }

        @Override
        public CompletionStage<Void> commit(List<LeaseChange> changes) {
            return CompletableFuture.completedStage(null);
        }
    }
}
