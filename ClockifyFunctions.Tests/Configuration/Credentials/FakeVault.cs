using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ClockifyFunctions.Tests.Configuration.Credentials;

/// <summary>The part of the Key Vault REST API that the app uses, with soft delete: a deleted secret reserves its name until it is recovered.</summary>
internal sealed class FakeVault(TimeProvider time) : HttpMessageHandler
{
    private const string Address = "https://contoso.vault.azure.net";

    private readonly Dictionary<string, (string Value, DateTimeOffset UpdatedOn)> _secrets = [], _deleted = [];

    /// <summary>Method and path of each request, in order.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Stores a secret without using the app.</summary>
    public void Put(string name, string value) => _secrets[name] = (value, time.GetUtcNow());

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The client sends its first request without a token, to learn where to get one.
        if (request.Headers.Authorization is null)
            return Answer(HttpStatusCode.Unauthorized, new JsonObject(), ("WWW-Authenticate", "Bearer authorization=\"https://login.microsoftonline.com/tenant\", resource=\"https://vault.azure.net\""));
        var path = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
        Requests.Add($"{request.Method} {request.RequestUri.AbsolutePath}");
        return (request.Method.Method, path) switch
        {
            ("GET", ["secrets"]) => Answer(HttpStatusCode.OK, new JsonObject { ["value"] = new JsonArray([.. _secrets.Select(secret => Describe(secret.Key, null, secret.Value.UpdatedOn))]) }),
            ("GET", ["secrets", var name, ..]) => Find(_secrets, name),
            ("PUT", ["secrets", var name]) => Set(name, (string)JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!["value"]!),
            ("DELETE", ["secrets", var name]) => Move(_secrets, _deleted, name),
            ("GET", ["deletedsecrets", var name]) => Find(_deleted, name),
            ("POST", ["deletedsecrets", var name, "recover"]) => Move(_deleted, _secrets, name),
            _ => throw new InvalidOperationException($"unexpected {Requests[^1]}"),
        };
    }

    private HttpResponseMessage Set(string name, string value)
    {
        if (_deleted.ContainsKey(name)) return Answer(HttpStatusCode.Conflict, new JsonObject { ["error"] = new JsonObject { ["code"] = "Conflict", ["innererror"] = new JsonObject { ["code"] = "ObjectIsDeletedButRecoverable" } } });
        Put(name, value);
        return Find(_secrets, name);
    }

    private HttpResponseMessage Find(Dictionary<string, (string Value, DateTimeOffset UpdatedOn)> among, string name) =>
        among.TryGetValue(name, out var secret) ? Answer(HttpStatusCode.OK, Describe(name, secret.Value, secret.UpdatedOn))
        : Answer(HttpStatusCode.NotFound, new JsonObject { ["error"] = new JsonObject { ["code"] = "SecretNotFound" } });

    private HttpResponseMessage Move(Dictionary<string, (string Value, DateTimeOffset UpdatedOn)> from, Dictionary<string, (string Value, DateTimeOffset UpdatedOn)> to, string name)
    {
        if (!from.Remove(name, out var secret)) return Find(from, name);
        to[name] = secret;
        return Answer(HttpStatusCode.OK, Describe(name, secret.Value, secret.UpdatedOn));
    }

    private static JsonObject Describe(string name, string? value, DateTimeOffset updatedOn) => new()
    {
        ["id"] = $"{Address}/secrets/{name}{(value is null ? "" : "/version")}",
        ["value"] = value,
        ["recoveryId"] = $"{Address}/deletedsecrets/{name}",
        ["attributes"] = new JsonObject { ["enabled"] = true, ["updated"] = updatedOn.ToUnixTimeSeconds() },
    };

    private HttpResponseMessage Answer(HttpStatusCode status, JsonObject body, (string Name, string Value)? header = null)
    {
        var answer = new HttpResponseMessage(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        answer.Headers.Date = time.GetUtcNow();
        if (header is var (name, value)) answer.Headers.TryAddWithoutValidation(name, value);
        return answer;
    }
}
