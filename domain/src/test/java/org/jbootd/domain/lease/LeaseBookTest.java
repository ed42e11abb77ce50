package org.jbootd.domain.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.jbootd.domain.net.Ipv4Network;
import org.jbootd.domain.net.Octets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The lease book at sizes, and with leases, that no single client shows. */
class LeaseBookTest {

    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MILLION = 1_000_000;
    private static final int MANY = 100_000;

    @Test
    @Tag("slow")
    void a_full_pool_is_given_out_to_the_last_address_without_a_double_and_then_again() {
        LeaseBook book = new LeaseBook(List.of(subnet(MANY, Optional.of(Duration.ZERO))), List.of());
        Set<Ipv4> given = new HashSet<>();
        for (int machine = 0; machine < MANY; machine++) {
            given.add(bind(book, machine, NOW).orElseThrow());
        }
        assertThat(given).hasSize(MANY);
        assertThat(bind(book, MANY, NOW)).isEmpty();
        Instant later = NOW.plus(HOUR).plusSeconds(10);
        for (int machine = MANY; machine < 2 * MANY; machine++) {
            assertThat(bind(book, machine, later).orElseThrow())
                    .isEqualTo(pool(MANY).at(machine - MANY));
        }
        assertThat(bind(book, 2 * MANY, later)).isEmpty();
    }

    @Test
    @Tag("slow")
    void the_last_address_of_a_million_is_found() {
        Subnet subnet = subnet(MILLION, Optional.empty());
        LeaseBook book = new LeaseBook(List.of(subnet), List.of());
        Ipv4 last = pool(MILLION).at(MILLION - 1);
        assertThat(book.offer(request(1), Optional.of(last), NOW)).contains(last);
        assertThat(book.offer(request(2), Optional.of(last.plus(1)), NOW))
                .contains(pool(MILLION).at(0));
    }

    @Test
    @Tag("slow")
    void a_hundred_thousand_stored_leases_are_taken_in_and_found_again() {
        List<Lease> stored = new ArrayList<>();
        for (int machine = 0; machine < MANY; machine++) {
            stored.add(lease(machine, pool(MILLION).at(machine), "lan", Lease.State.BOUND));
        }
        LeaseBook book = new LeaseBook(List.of(subnet(MILLION, Optional.empty())), stored);
        assertThat(book.notes()).isEmpty();
        for (int machine = 0; machine < MANY; machine++) {
            assertThat(book.offer(request(machine), Optional.empty(), NOW))
                    .contains(pool(MILLION).at(machine));
        }
        assertThat(book.offer(request(MILLION), Optional.empty(), NOW))
                .contains(pool(MILLION).at(MANY));
    }

    @Test
    @Tag("slow")
    void offers_are_bounded_and_the_oldest_goes_first() {
        LeaseBook book = new LeaseBook(List.of(subnet(MILLION, Optional.empty())), List.of());
        for (int machine = 0; machine < Offers.MAX; machine++) {
            book.offer(request(machine), Optional.empty(), NOW);
        }
        Ipv4 next = pool(MILLION).at(Offers.MAX);
        assertThat(book.offer(request(Offers.MAX), Optional.empty(), NOW)).contains(next);
        assertThat(book.offer(request(Offers.MAX + 1), Optional.empty(), NOW))
                .contains(pool(MILLION).at(0));
        assertThat(book.offer(request(Offers.MAX), Optional.empty(), NOW)).contains(next);
        Instant later = NOW.plusSeconds(30);
        assertThat(book.offer(request(MILLION), Optional.empty(), later))
                .contains(pool(MILLION).at(0));
    }

    @Test
    void of_many_that_ran_out_so_many_are_recorded_at_once_those_before_others_that_ended_before() {
        List<Lease> stored = new ArrayList<>();
        for (int machine = 0; machine < 1_500; machine++) {
            stored.add(lease(machine, pool(MANY).at(machine), "lan", Lease.State.BOUND));
        }
        LeaseBook book = new LeaseBook(List.of(subnet(MANY, Optional.empty())), stored);
        assertThat(book.expire(NOW.plus(HOUR).minusMillis(1))).isEmpty();
        assertThat(book.expire(NOW.plus(HOUR).plusSeconds(2))).hasSize(3);

        Instant later = NOW.plus(Duration.ofDays(1));
        List<LeaseWrite> writes = book.expire(later);
        assertThat(writes)
                .as("those that are being recorded are in the way no more")
                .hasSize(1_000 - 3);
        assertThat(writes.get(0).lease().address()).isEqualTo(pool(MANY).at(3));
        writes.forEach(write -> book.settle(write, later));
        assertThat(book.expire(later)).hasSize(500);
    }

    @Test
    void what_an_operator_keeps_for_a_client_is_nobody_elses() {
        Instant later = NOW.plus(Duration.ofDays(1000));
        Ipv4 only = pool(1).at(0);
        for (Lease.State state : List.of(Lease.State.BOUND, Lease.State.EXPIRED, Lease.State.RELEASED)) {
            Lease kept = new Lease(only, "lan", client(1), Optional.empty(), false, state, NOW, NOW, true);
            LeaseBook book = new LeaseBook(List.of(subnet(1, Optional.of(Duration.ZERO))), List.of(kept));
            assertThat(book.offer(request(2), Optional.of(only), later))
                    .as(state.name())
                    .isEmpty();
            assertThat(book.select(request(2), only, later)).isEqualTo(new Claim.Refused(Claim.Refusal.TAKEN));
            assertThat(bind(book, 1, later)).contains(only);
            Claim.Granted back = (Claim.Granted) book.release(request(1), only, later);
            assertThat(back.write().lease().reserved()).isTrue();
            book.settle(back.write(), later);
            assertThat(book.offer(request(2), Optional.empty(), later)).isEmpty();
        }
    }

    @Test
    void stored_leases_that_no_longer_fit_are_noted() {
        Ipv4 outside = Ipv4.parse("10.255.0.1");
        Ipv4 elsewhere = Ipv4.parse("192.0.2.1");
        LeaseBook book = new LeaseBook(
                List.of(subnet(10, Optional.empty())),
                List.of(
                        lease(1, outside, "lan", Lease.State.BOUND),
                        lease(2, elsewhere, "lan", Lease.State.BOUND),
                        lease(3, pool(10).at(3), "former", Lease.State.RELEASED),
                        lease(4, pool(10).at(4), "lan", Lease.State.BOUND)));
        assertThat(book.notes())
                .containsExactly(
                        "lease 10.255.0.1 of 02-00-00-00-00-01 in subnet lan: outside the pool now, or meant for another"
                                + " machine; the client will be moved",
                        "lease 192.0.2.1 of 02-00-00-00-00-02 in subnet lan: no subnet has this address now; the lease"
                                + " is kept, and not used",
                        "lease 10.0.0.5 of 02-00-00-00-00-03 in subnet former: the address is of subnet lan now");
    }

    @Test
    void of_many_leases_that_no_longer_fit_some_are_named() {
        List<Lease> stored = IntStream.range(0, 100)
                .mapToObj(machine -> lease(machine, pool(200).at(machine), "former", Lease.State.BOUND))
                .toList();
        assertThat(new LeaseBook(List.of(subnet(200, Optional.empty())), stored).notes())
                .hasSize(21)
                .startsWith("lease 10.0.0.2 of 02-00-00-00-00-00 in subnet former: the address is of subnet lan now")
                .endsWith("80 more leases: the address is of subnet lan now");
    }

    @Test
    void stored_quarantines_beyond_the_bound_rest_all_the_same_until_the_next_one() {
        List<Lease> stored = new ArrayList<>();
        for (int machine = 0; machine < 5; machine++) {
            stored.add(lease(machine, pool(10).at(machine), "lan", Lease.State.DECLINED));
        }
        LeaseBook book = new LeaseBook(List.of(subnet(10, Optional.empty())), stored);
        assertThat(book.offer(request(9), Optional.empty(), NOW)).contains(pool(10).at(5));
        Claim.Granted declined = (Claim.Granted) book.decline(request(9), pool(10).at(5), NOW);
        assertThat(declined.write().changes()).hasSize(6);
        book.settle(declined.write(), NOW);
        assertThat(book.offer(request(9), Optional.empty(), NOW)).contains(pool(10).at(6));
    }

    @Test
    void subnets_share_a_wire_by_its_name_only() {
        LeaseBook book = new LeaseBook(
                List.of(
                        subnet(0, Optional.empty())
                                .but()
                                .sharedNetwork(Optional.of("one"))
                                .build(),
                        other("elsewhere", "192.0.2", Optional.of("two")),
                        other("alone", "198.51.100", Optional.empty()),
                        other("beside", "203.0.113", Optional.of("one"))),
                List.of());

        assertThat(book.subnetFor(new ClientMessage.Discover(request(1), Optional.empty()), NOW))
                .map(Subnet::name)
                .contains("beside");
    }

    private static Subnet other(String name, String prefix, Optional<String> wire) {
        Ipv4 server = Ipv4.parse(prefix + ".1");
        return Subnet.named(name, new Ipv4Network(server, 24), server)
                .pool(new AddressPool(Ipv4.parse(prefix + ".100"), 1))
                .sharedNetwork(wire)
                .build();
    }

    /** What only leases of before can show: a machine with two of them, of which another takes one that is over. */
    @Test
    void nothing_is_written_of_a_machine_while_another_write_of_it_is_under_way() {
        Lease over = lease(1, pool(2).at(0), "lan", Lease.State.BOUND);
        LeaseBook book = new LeaseBook(
                List.of(subnet(2, Optional.of(Duration.ZERO))),
                List.of(over, lease(1, pool(2).at(1), "lan", Lease.State.RELEASED)));
        Instant later = over.until();
        Claim.Granted release = (Claim.Granted) book.release(request(1), pool(2).at(0), later);
        assertThat(book.offer(request(2), Optional.empty(), later)).contains(pool(2).at(1));

        assertThat(book.select(request(2), pool(2).at(1), later)).isEqualTo(new Claim.Busy(release.write()));

        book.settle(release.write(), later);
        assertThat(book.select(request(2), pool(2).at(1), later)).isInstanceOf(Claim.Granted.class);
    }

    @Test
    void a_subnet_that_is_not_ours_is_a_mistake() {
        LeaseBook book = new LeaseBook(List.of(), List.of());
        assertThatThrownBy(() -> book.offer(request(1), Optional.empty(), NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no subnet is called lan");
    }

    private static Optional<Ipv4> bind(LeaseBook book, int machine, Instant now) {
        Request request = request(machine);
        Optional<Ipv4> address = book.offer(request, Optional.empty(), now);
        address.ifPresent(offered -> {
            Claim.Granted claim = (Claim.Granted) book.select(request, offered, now);
            book.settle(claim.write(), now);
        });
        return address;
    }

    private static Lease lease(int machine, Ipv4 address, String subnet, Lease.State state) {
        return new Lease(
                address,
                subnet,
                client(machine),
                Optional.empty(),
                false,
                state,
                NOW,
                NOW.plus(HOUR).plusSeconds(machine));
    }

    private static Request request(int machine) {
        return new Request(
                machine,
                client(machine),
                BootStage.FIRMWARE,
                "lan",
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static ClientIdentity client(int machine) {
        return ClientIdentity.of(HardwareAddress.ethernet(Octets.of(
                (byte) 2, (byte) 0, (byte) 0, (byte) (machine >> 16), (byte) (machine >> 8), (byte) machine)));
    }

    private static AddressPool pool(int count) {
        return new AddressPool(Ipv4.parse("10.0.0.2"), count);
    }

    private static Subnet subnet(int count, Optional<Duration> reclaimAfter) {
        return Subnet.named("lan", new Ipv4Network(Ipv4.parse("10.0.0.0"), 8), Ipv4.parse("10.0.0.1"))
                .pool(pool(count))
                .leaseTime(HOUR)
                .offerTimeout(Duration.ofSeconds(30))
                .reclaimAfter(reclaimAfter)
                .build();
    }
}
