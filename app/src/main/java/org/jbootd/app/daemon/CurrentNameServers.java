package org.jbootd.app.daemon;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientMessage;
import org.jbootd.domain.exchange.Answer;
import org.jbootd.domain.exchange.BootService;
import org.jbootd.domain.lease.Subnet;
import org.jbootd.domain.net.Ipv4;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code dns = auto}: puts the name servers that this host uses at present into the answers for subnets that want them, in
 * front of those that the configuration names. They are read by a thread of their own, so that no answer waits for a file.
 */
final class CurrentNameServers implements BootService, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.daemon");
    private static final long SECONDS_BETWEEN_READS = 30;

    /** Stands for the name servers of this host; it is no address that a name server could have. */
    private static final Ipv4 OF_THIS_HOST = Ipv4.UNSPECIFIED;

    private final BootService answers;
    private final Supplier<List<Ipv4>> source;
    private final ScheduledExecutorService reader;
    private volatile List<Ipv4> current = List.of();
    private boolean reading;

    /** @param source reads the host's name servers; may block */
    CurrentNameServers(BootService answers, Supplier<List<Ipv4>> source) {
        this.answers = answers;
        this.source = source;
        this.reader = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "name-servers");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The subnet whose machines are told this host's name servers, too. */
    static Subnet wanted(Subnet subnet) {
        return subnet.but()
                .nameServers(Stream.concat(Stream.of(OF_THIS_HOST), subnet.nameServers().stream())
                        .toList())
                .build();
    }

    /** Reads them once, and from then on in the background; a further call does nothing. For one thread. */
    void start() {
        if (!reading) {
            reading = true;
            read();
            reader.scheduleWithFixedDelay(this::read, SECONDS_BETWEEN_READS, SECONDS_BETWEEN_READS, TimeUnit.SECONDS);
        }
    }

    private void read() {
        List<Ipv4> found = source.get();
        if (!found.equals(current)) {
            current = found;
            LOG.info("name servers of this host: {}", found);
        }
    }

    @Override
    public CompletionStage<Answer> answer(ClientMessage message) {
        return answers.answer(message).thenApply(this::renew);
    }

    private Answer renew(Answer answer) {
        if (answer instanceof Answer.Offer offer) {
            return new Answer.Offer(renew(offer.terms()));
        }
        if (answer instanceof Answer.Ack ack) {
            return new Answer.Ack(renew(ack.terms()));
        }
        if (answer instanceof Answer.BootReply reply) {
            return new Answer.BootReply(renew(reply.terms()));
        }
        if (answer instanceof Answer.InformAck inform) {
            return new Answer.InformAck(inform.address(), renew(inform.subnet()), inform.plan(), inform.hostName());
        }
        return answer;
    }

    private Answer.Terms renew(Answer.Terms terms) {
        return new Answer.Terms(
                terms.address(), terms.leaseTime(), renew(terms.subnet()), terms.plan(), terms.hostName());
    }

    /** Without any name server at all, clients are sent here, where a resolver may run (as pybootd did). */
    private Subnet renew(Subnet subnet) {
        if (!subnet.nameServers().contains(OF_THIS_HOST)) {
            return subnet;
        }
        List<Ipv4> servers = Stream.concat(current.stream(), subnet.nameServers().stream())
                .filter(server -> !server.equals(OF_THIS_HOST))
                .distinct()
                .toList();
        return subnet.but()
                .nameServers(servers.isEmpty() ? List.of(subnet.server()) : servers)
                .build();
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
