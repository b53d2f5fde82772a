using System.Text;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>Builds the body of POST /&lt;function&gt;: section 4 of the custom handler protocol.</summary>
internal static class InvocationBody
{
    public static string Single(
        string binding, QueueMessage message, bool binary, string brokerNamespace, InvocationStamp stamp)
    {
        var metadata = ClientObjects(brokerNamespace);
        AddUnlessNull(metadata, QueueMetadata.Of(message));
        metadata.Add(new("sys", Sys(stamp)));
        if (binary) return Body(binding, JsonWriting.Quote(Convert.ToBase64String(message.Body)), metadata);

        var text = Encoding.UTF8.GetString(message.Body);
        BodyOverlay.Apply(metadata, text);
        return Body(binding, Twice(JsonWriting.Quote(text)), metadata);
    }

    public static string Batch(
        string binding, IReadOnlyList<QueueMessage> messages, bool binary, string brokerNamespace, InvocationStamp stamp)
    {
        using var body = new JsonBuffer();
        var metadata = ClientObjects(brokerNamespace).Select(entry => KeyValuePair.Create<string, Action<JsonBuffer>>(entry.Key, json => json.Append(entry.Value)))
            .Concat(QueueMetadata.Of(messages).Select(entry => KeyValuePair.Create<string, Action<JsonBuffer>>(entry.Key, json => json.Twice(entry.Value))))
            .Append(new("sys", json => json.Append(Sys(stamp))));
        Action<JsonBuffer> data = json => json.Twice(inner => inner.Array(messages, (item, message) =>
        {
            if (binary) item.Quote(message.Body);
            else item.Quote(Encoding.UTF8.GetString(message.Body));
        }));
        return body.Object([new("Data", json => json.Object([new(binding, data)])), new("Metadata", json => json.Object(metadata))]).ToString();
    }

    public static string Timer(string binding, InvocationStamp stamp) => Body(
        binding,
        """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""",
        [new("sys", Sys(stamp))]);

    /// <summary>JSON text inside a JSON string: how the host sends everything but objects, dates and bytes.</summary>
    internal static string Twice(string json) => JsonWriting.Quote(json);

    private static string Body(string binding, string data, IEnumerable<KeyValuePair<string, string>> metadata) =>
        JsonWriting.Object(
        [
            new("Data", JsonWriting.Object([new(binding, data)])),
            new("Metadata", JsonWriting.Object(metadata)),
        ]);

    private static string Sys(InvocationStamp stamp) => JsonWriting.Object(
    [
        new("MethodName", JsonWriting.Quote(stamp.Function)),
        new("UtcNow", JsonWriting.Quote(JsonWriting.Precise(stamp.UtcNow.UtcDateTime))),
        new("RandGuid", JsonWriting.Quote(stamp.RandGuid.ToString())),
    ]);

    /// <summary>Their content depends on the client library; the recordings hold a stand-in's, and so do we.</summary>
    private static List<KeyValuePair<string, string>> ClientObjects(string brokerNamespace) =>
    [
        new("MessageReceiver", "{}"),
        new("MessageSession", "{}"),
        new("MessageActions", "{}"),
        new("SessionActions", "{}"),
        new("ReceiveActions", "{}"),
        new("Client", JsonWriting.Object(
        [
            new("FullyQualifiedNamespace", JsonWriting.Quote(brokerNamespace)),
            new("IsClosed", "false"),
            new("TransportType", "0"),
            new("Identifier", JsonWriting.Quote(brokerNamespace + "-" + Guid.Empty)),
        ])),
    ];

    private static void AddUnlessNull(
        List<KeyValuePair<string, string>> metadata, IEnumerable<KeyValuePair<string, string?>> entries)
    {
        foreach (var (name, value) in entries)
            if (value is not null) metadata.Add(new(name, value));
    }
}
