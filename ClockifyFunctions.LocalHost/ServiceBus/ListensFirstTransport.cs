using Amqp;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// Holds back what the server writes after SASL until the client has spoken. AMQPNetLite opens at once; when that lands
/// in one TCP segment with the SASL outcome, the JavaScript client (rhea) leaves it unread and waits for ever.
/// </summary>
internal sealed class ListensFirstTransport(IAsyncTransport inner) : IAsyncTransport
{
    private readonly TaskCompletionSource _clientSpoke = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void SetConnection(Connection connection) => inner.SetConnection(connection);

    public Task SendAsync(IList<ByteBuffer> bufferList, int listSize) =>
        _clientSpoke.Task.IsCompleted ? inner.SendAsync(bufferList, listSize) : SendLaterAsync(bufferList, listSize);

    public Task<int> ReceiveAsync(byte[] buffer, int offset, int count) =>
        _clientSpoke.Task.IsCompleted ? inner.ReceiveAsync(buffer, offset, count) : ReceiveFirstAsync(buffer, offset, count);

    public void Send(ByteBuffer buffer) => inner.Send(buffer);

    public int Receive(byte[] buffer, int offset, int count) => inner.Receive(buffer, offset, count);

    public void Close()
    {
        inner.Close();
        _clientSpoke.TrySetResult();
    }

    private async Task SendLaterAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        await _clientSpoke.Task;
        await inner.SendAsync(bufferList, listSize);
    }

    private async Task<int> ReceiveFirstAsync(byte[] buffer, int offset, int count)
    {
        try
        {
            return await inner.ReceiveAsync(buffer, offset, count);
        }
        finally
        {
            // Also when the client went instead: the waiting write must end, by failing.
            _clientSpoke.TrySetResult();
        }
    }
}
