package org.h2.server;

import java.net.Socket;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * H2's side of connections that somebody else has accepted, and whose beginning he has checked. It has no port, and none of the
 * database in which H2's own server lists its sessions. It is of this package because what H2 does with a connection can be reached
 * from nowhere else. Threads may share it.
 */
public final class CheckedConnections extends TcpServer {

    private final Set<TcpServerThread> open = ConcurrentHashMap.newKeySet();

    /** Answers one client until he or the database ends it, by the thread that calls. Closes {@code socket}. */
    public void serve(Socket socket) {
        TcpServerThread connection = new TcpServerThread(socket, this, 0);
        connection.setThread(Thread.currentThread());
        open.add(connection);
        connection.run();
    }

    /** Ends a statement that a client is being answered. @param session the client's own word for his session, a secret of his */
    public void cancel(String session, int statement) {
        Objects.requireNonNull(session, "session"); // null would be whoever has not given his yet
        open.forEach(connection -> connection.cancelStatement(session, statement));
    }

    /** Ends all of them. */
    @Override
    public void stop() {
        open.forEach(TcpServerThread::close);
    }

    @Override
    boolean allow(Socket socket) {
        return true;
    }

    @Override
    void addConnection(int id, String url, String user) {}

    @Override
    void removeConnection(int id) {}

    @Override
    void cancelStatement(String session, int statement) {
        cancel(session, statement);
    }

    @Override
    void remove(TcpServerThread connection) {
        open.remove(connection);
    }
}
