using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Protocol;

/// <summary>Values and requests in the form that the worker reads.</summary>
internal static class InvocationRequests
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A request with a new invocation id and one input, the trigger's data.</summary>
    public static InvocationRequest With(string binding, TypedData data) => new()
    {
        InvocationId = Guid.NewGuid().ToString(),
        InputData = { new ParameterBinding { Name = binding, Data = data } },
    };

    public static TypedData Text(string text) => new() { String = text };

    public static TypedData AsJson(object value) => new() { Json = JsonSerializer.Serialize(value, Json) };
}
