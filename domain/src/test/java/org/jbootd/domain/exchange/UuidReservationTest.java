package org.jbootd.domain.exchange;

import static org.jbootd.domain.exchange.Scene.ANNA;
import static org.jbootd.domain.exchange.Scene.ANNAS_UUID;
import static org.jbootd.domain.exchange.Scene.BERT;
import static org.jbootd.domain.exchange.Scene.CARL;
import static org.jbootd.domain.exchange.Scene.FIRST;
import static org.jbootd.domain.exchange.Scene.SELF;
import static org.jbootd.domain.exchange.Scene.ask;
import static org.jbootd.domain.exchange.Scene.boots;
import static org.jbootd.domain.exchange.Scene.discover;
import static org.jbootd.domain.exchange.Scene.reboot;
import static org.jbootd.domain.exchange.Scene.recorded;
import static org.jbootd.domain.exchange.Scene.release;
import static org.jbootd.domain.exchange.Scene.renew;
import static org.jbootd.domain.exchange.Scene.restart;
import static org.jbootd.domain.exchange.Scene.restartWith;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jbootd.domain.client.BootStage;
import org.jbootd.domain.client.ClientIdentity;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.client.Request;
import org.jbootd.domain.client.UuidOrder;
import org.jbootd.domain.exchange.Scene.Setting;
import org.jbootd.domain.exchange.Scene.Step;
import org.jbootd.domain.lease.LeaseChange.Kind;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An address that is held for the machine that shows a UUID, whatever its MAC address is. */
class UuidReservationTest {

    private static final String OWN = "10.0.0.50";
    private static final UUID ANOTHER = new UUID(7, 7);

    private static Row row(String sentence, Step... steps) {
        return Row.of(sentence, new Setting().reserved(ANNAS_UUID, OWN), steps);
    }

    static Stream<Row> rows() {
        return Stream.of(
                row(
                        "the machine gets it, by whatever network card it boots",
                        installs(BERT, ANNAS_UUID, OWN),
                        ask(release(BERT, OWN), "SILENCE DONE"),
                        installs(ANNA, ANNAS_UUID, OWN)),
                row(
                        "the UUID may be written in the other byte order",
                        restartWith(new Setting().reserved(UuidOrder.WIRE.write(ANNAS_UUID), OWN)),
                        installs(ANNA, ANNAS_UUID, OWN)),
                row(
                        "the operating system tells none, and keeps it, through a restart, too",
                        installs(ANNA, ANNAS_UUID, OWN),
                        ask(discover(ANNA), "OFFER " + OWN),
                        restart(),
                        ask(discover(ANNA), "OFFER " + OWN),
                        ask(renew(ANNA, OWN), "ACK " + OWN + " 3600"),
                        ask(reboot(ANNA, OWN), "ACK " + OWN + " 3600")),
                row(
                        "nobody else gets it",
                        ask(discover(CARL, OWN), "OFFER " + FIRST),
                        ask(Scene.select(CARL, OWN), "NAK ADDRESS_TAKEN"),
                        installs(BERT, ANOTHER, "10.0.0.101"),
                        ask(reboot(BERT, OWN), "NAK WRONG_ADDRESS")),
                row(
                        "a machine that had one of the pool moves to it",
                        boots(ANNA, FIRST),
                        installs(ANNA, ANNAS_UUID, OWN),
                        recorded(Kind.BOUND, Kind.MOVED, Kind.BOUND)),
                row(
                        "two machines that show the same UUID do not get it both",
                        installs(ANNA, ANNAS_UUID, OWN),
                        installs(BERT, ANNAS_UUID, FIRST),
                        ask(renew(ANNA, OWN), "ACK " + OWN + " 3600"),
                        ask(reboot(BERT, OWN), "NAK WRONG_ADDRESS")),
                row(
                        "what is reserved for its MAC address goes first",
                        restartWith(new Setting().reserved(ANNAS_UUID, OWN).reserved(ANNA, "10.0.0.51")),
                        installs(ANNA, ANNAS_UUID, "10.0.0.51"),
                        installs(BERT, ANNAS_UUID, OWN)));
    }

    /** Firmware, which shows its UUID, through DISCOVER and REQUEST. */
    private static Step installs(String machine, UUID uuid, String address) {
        Request request = new Request(
                address.hashCode(),
                new ClientIdentity(HardwareAddress.parse(machine), Optional.empty(), Optional.of(uuid)),
                BootStage.FIRMWARE,
                "lan",
                Ipv4.UNSPECIFIED,
                List.of(),
                Optional.empty(),
                Optional.empty());
        return scene -> {
            ask(new ClientMessage.Discover(request, Optional.empty()), "OFFER " + address)
                    .play(scene);
            ask(new ClientMessage.Select(request, SELF, Ipv4.parse(address)), "ACK " + address + " 3600")
                    .play(scene);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void an_address_is_held_for_a_uuid(Row row) {
        row.play();
    }
}
