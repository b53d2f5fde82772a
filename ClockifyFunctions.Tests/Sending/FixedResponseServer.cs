using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClockifyFunctions.Tests.Sending;

/// <summary>Answers every connection with the same bytes, well formed or not.</summary>
internal sealed class FixedResponseServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public FixedResponseServer(byte[] answer)
    {
        _listener.Start();
        _serving = ServeAsync(answer);
    }

    public FixedResponseServer(string answer)
        : this(Encoding.Latin1.GetBytes(answer))
    {
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    public static string Ok(string body, string contentType = "application/json", string headers = "") =>
        $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\n{headers}Content-Length: {Encoding.Latin1.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(byte[] answer)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client, answer);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(TcpClient client, byte[] answer)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            await using var stream = client.GetStream();
            for (var read = 0; buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) < 0;)
            {
                var more = await stream.ReadAsync(buffer.AsMemory(read), _stop.Token);
                if (more == 0) return;
                read += more;
            }

            await stream.WriteAsync(answer, _stop.Token);
            client.Client.Shutdown(SocketShutdown.Send);
            // Closing with unread data would reset the connection before the client has read the response.
            while (await stream.ReadAsync(buffer, _stop.Token) > 0)
            {
            }
        }
        catch (Exception broken) when (broken is IOException or SocketException)
        {
            // The client has closed the connection.
        }
    }
}
