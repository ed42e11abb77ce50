package org.jbootd.persistence;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.api.ErrorCode;
import org.h2.server.CheckedConnections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets SQL tools ask the database while this process has it open, in H2's own protocol: how a connection begins is read and checked
 * here, all that follows is H2's. Threads may share it.
 */
final class SqlServer implements AutoCloseable {

    /** So many are let in at a time. */
    static final int LET_IN = 32;

    /** So many who are not let in yet; the oldest of them makes room. */
    static final int BEGINNERS = 16;

    /** Octets of a handshake. */
    private static final int HANDSHAKE = 65_536;

    private static final Duration HANDSHAKE_TIME = Duration.ofSeconds(10);

    /** With those who were told to go and have not gone yet. */
    private static final int THREADS = LET_IN + 2 * BEGINNERS;

    private static final int WAITING_IN_THE_KERNEL = 64;
    private static final int PAUSE_MILLIS = 100;
    private static final int REFUSAL_MILLIS = 250;

    private static final Logger LOG = LoggerFactory.getLogger("jbootd.leases");

    private final ServerSocket listener;
    private final SqlEntrance entrance;
    private final CheckedConnections connections = new CheckedConnections();
    private final Thread thread = new Thread(this::listen, "jbootd-sql");

    /** Held while somebody pays for a refusal, by who comes next: a password is not guessed faster by many connections. */
    private final ReentrantLock guessing = new ReentrantLock(true);

    /** The oldest first; guarded by itself, with what is in it. */
    private final Set<Caller> callers = new LinkedHashSet<>();

    private final SparseLog log = new SparseLog();

    private SqlServer(ServerSocket listener, SqlEntrance entrance) {
        this.listener = listener;
        this.entrance = entrance;
    }

    /** @throws StoreRefused when the port cannot be had */
    static SqlServer start(Path directory, SqlAccess access, SqlOwner owner, SqlDoor door) {
        SqlServer server = new SqlServer(
                listener(access), new SqlEntrance(directory, access.password().orElse(""), owner, door));
        server.thread.setDaemon(true);
        server.thread.start();
        return server;
    }

    private static ServerSocket listener(SqlAccess access) {
        try {
            ServerSocket listener = new ServerSocket();
            try {
                InetAddress address = InetAddress.getByName(access.address().toString());
                listener.bind(new InetSocketAddress(address, access.port()), WAITING_IN_THE_KERNEL);
                return listener;
            } catch (IOException e) {
                listener.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreRefused(
                    "[leases] sql_port: TCP port " + access.port() + " of " + access.address() + " cannot be had: "
                            + Trouble.sentence(e),
                    e);
        }
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                receive(listener.accept());
            } catch (IOException e) {
                pause(PAUSE_MILLIS); // it is closed, or there are too many open files
            }
        }
    }

    private static void pause(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive(Socket socket) {
        Caller caller = new Caller(socket);
        Optional<Caller> gone = Optional.empty();
        synchronized (callers) {
            if (callers.size() < THREADS) {
                gone = callers.stream().filter(Caller::begins).findFirst().filter(oldest -> tooManyBegin());
                gone.ifPresent(Caller::makesRoom);
                callers.add(caller);
                caller.thread.start();
            } else {
                gone = Optional.of(caller);
            }
        }
        gone.ifPresent(Caller::dismiss);
    }

    private boolean tooManyBegin() {
        return callers.stream().filter(Caller::begins).count() >= BEGINNERS;
    }

    private enum Stage {
        BEGINS,
        IS_IN,
        GOES
    }

    private final class Caller {

        private final Socket socket;
        private final Thread thread = new Thread(this::attend, "jbootd-sql-caller");
        private Stage stage = Stage.BEGINS;

        /** Whether it had no session in H2 when somebody looked. */
        private boolean lackedOne;

        Caller(Socket socket) {
            this.socket = socket;
            thread.setDaemon(true);
        }

        boolean begins() {
            return stage == Stage.BEGINS;
        }

        void makesRoom() {
            stage = Stage.GOES;
        }

        /** An interrupt would close the file of the database under H2. */
        void dismiss() {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("closing a connection of a SQL tool failed", e);
            }
        }

        private void attend() {
            try (socket) {
                socket.setTcpNoDelay(true);
                socket.setKeepAlive(true);
                begin();
            } catch (EOFException e) {
                LOG.debug("a connection for SQL tools ended before it began", e);
            } catch (IOException e) {
                tell("what it said was nothing that H2's driver says: " + Trouble.sentence(e));
            } finally {
                synchronized (callers) {
                    callers.remove(this);
                }
            }
        }

        private void begin() throws IOException {
            try {
                SqlHandshake said = SqlHandshake.read(new BoundedInput(socket, HANDSHAKE, HANDSHAKE_TIME));
                if (said instanceof SqlHandshake.Cancellation end) {
                    connections.cancel(end.session(), end.statement());
                } else if (said instanceof SqlHandshake.Login login) {
                    letIn(admitted(login));
                } else {
                    throw new AssertionError(said);
                }
            } catch (SqlRefusal e) {
                socket.getOutputStream().write(e.octets());
                tell(e.getMessage());
            }
        }

        private SqlHandshake.Login admitted(SqlHandshake.Login login) throws SqlRefusal {
            guessing.lock();
            try {
                return entrance.admit(login);
            } catch (SqlRefusal e) {
                if (!socket.isClosed()) {
                    pause(REFUSAL_MILLIS);
                }
                throw e;
            } finally {
                guessing.unlock();
            }
        }

        private void letIn(SqlHandshake.Login login) throws IOException, SqlRefusal {
            socket.setSoTimeout(0);
            byte[] beginning = SqlHandshake.octets(login, "jdbc:h2:tcp:" + LeaseDatabase.NAME);
            synchronized (callers) {
                if (callers.stream()
                                .filter(caller -> caller.stage == Stage.IS_IN)
                                .count()
                        >= LET_IN) {
                    throw new SqlRefusal(
                            ErrorCode.GENERAL_ERROR_1,
                            "there are " + LET_IN + " connections already: close one, and try again");
                }
                if (stage == Stage.GOES) {
                    return;
                }
                stage = Stage.IS_IN;
            }
            connections.serve(new ReplayedSocket(beginning, socket));
        }

        private void tell(String why) {
            synchronized (callers) {
                if (stage == Stage.GOES) {
                    return;
                }
            }
            log.warn("[leases] sql_port: " + socket.getInetAddress().getHostAddress() + " was not let in: " + why);
        }

        /** As H2 has it. */
        String client() {
            return socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
        }
    }

    /** Whether anybody was let in, and has not gone. */
    boolean hasGuests() {
        synchronized (callers) {
            return callers.stream().anyMatch(caller -> caller.stage == Stage.IS_IN);
        }
    }

    /**
     * Closes the connections whose sessions have ended, which H2 leaves open.
     *
     * @param clients addresses and ports of those that have one; who has none yet is closed the next time
     */
    void closeAllBut(Set<String> clients) {
        synchronized (callers) {
            for (Caller caller : callers) {
                if (caller.stage == Stage.IS_IN) {
                    boolean lacksOne = !clients.contains(caller.client());
                    if (lacksOne && caller.lackedOne) {
                        caller.dismiss();
                    }
                    caller.lackedOne = lacksOne;
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            LOG.debug("closing the port for SQL tools failed", e);
        }
        Threads.join(thread);
        connections.stop();
        synchronized (callers) {
            callers.forEach(Caller::dismiss);
        }
    }
}
