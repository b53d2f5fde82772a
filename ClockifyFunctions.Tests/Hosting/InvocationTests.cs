using System.Text;
using System.Text.Json;
using ClockifyFunctions.Hosting;
using Microsoft.AspNetCore.Http;

namespace ClockifyFunctions.Tests.Hosting;

/// <summary>What the real host sent, as recorded.</summary>
public class InvocationTests
{
    [Fact]
    public async Task ARecordedBatchIsReadWithAllThatIdentifiesItsMessages()
    {
        using var invocation = await ReadAsync("sb-batch-binary");
        var messages = invocation.Messages("messages");
        Assert.Equal(["""{"a":1,"s":"é"}""", "plain text", "[1,2]"], messages.Select(message => Encoding.UTF8.GetString(message.Body.Span)));
        Assert.Equal(["b-1", "b-2", "b-3"], messages.Select(message => message.MessageId));
        Assert.Equal([1L, 2L, 3L], messages.Select(message => message.SequenceNumber));
        Assert.Equal("s-3", messages[2].SessionId);
        Assert.Equal("v1", messages[0].Property("k"));
        Assert.Null(messages[0].Property("n"));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 8, 15, 30, 123, TimeSpan.Zero), messages[0].EnqueuedAt);
    }

    [Theory]
    [InlineData("sb-single-binary-no-override", 1)]
    [InlineData("sb-single-binary", 1)]
    public async Task ARecordedSingleMessageIsReadWithItsDeliveryCount(string recording, int deliveryCount)
    {
        using var invocation = await ReadAsync(recording);
        Assert.NotEmpty(invocation.Body("message"));
        Assert.Equal(deliveryCount, invocation.DeliveryCount);
    }

    private static async Task<Invocation> ReadAsync(string recording)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Fixtures", "custom-handler", $"{recording}.json");
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var body = Encoding.UTF8.GetBytes(json.RootElement.GetProperty("request").GetProperty("bodyText").GetString()!);
        var context = new DefaultHttpContext { Request = { Body = new MemoryStream(body) } };
        return await Invocation.ReadAsync(context.Request, TestContext.Current.CancellationToken);
    }
}
