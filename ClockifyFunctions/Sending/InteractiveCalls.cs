using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Sending;

/// <summary>The result of a connection check: the user, the workspaces and the features that an API key gives access to.</summary>
/// <param name="Status">HTTP status of the answer; null if the API sent no answer.</param>
/// <param name="Message">The result in words.</param>
internal sealed record ConnectionCheck(bool Ok, ConnectionCheck.Person? User, IReadOnlyList<ConnectionCheck.Workspace> Workspaces, int? Status, string Message)
{
    internal sealed record Person(string? Id, string? Name, string? Email);

    /// <param name="IsAdmin">Whether the API key belongs to an owner or admin of the workspace; null if the API did not report it.</param>
    /// <param name="Unavailable">Names of the endpoints that need a feature that the workspace does not have.</param>
    internal sealed record Workspace(string? Id, string? Name, bool? IsAdmin, IReadOnlyList<string> Unavailable);
}

/// <summary>
/// Makes calls, or runs an action, under the gate of a credential without waiting for the end of a running drain. The class takes the gate from its
/// current holder, uses one permit per call, and releases the gate afterwards. Test sends, connection checks, removals of destinations and the sweep use it.
/// </summary>
internal sealed class InteractiveCalls(GateKeeper keeper, ClockifyClient client, DrainTickets tickets, TimeProvider time, ILogger<InteractiveCalls> log)
{
    private const int TooManyRequests = 429;

    /// <summary>Maximum wait for the gate and its permits. The holder notices the broken lease at its next renewal, within a quarter of the lease duration.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20), ThrottlePause = TimeSpan.FromSeconds(1);

    /// <param name="Sent">The last request that was sent. Its body can contain merged fields.</param>
    /// <param name="Waited">Time until the gate was acquired.</param>
    internal sealed record Done(RenderedRequest Sent, CallResult Result, TimeSpan Waited);

    /// <summary>The credential is suspended. The message is the reason.</summary>
    internal sealed class SuspendedException(string reason) : Exception(reason);

    /// <summary>The gate or a permit was not acquired within 20 s, or the gate was lost.</summary>
    internal sealed class NoTurnException : Exception;

    /// <summary>The rate limits are used up for longer than <see cref="Gate.LongestWait"/>.</summary>
    internal sealed class ExhaustedException(TimeSpan wait) : Exception
    {
        /// <summary>Time until the next call is allowed.</summary>
        public TimeSpan For { get; } = wait;
    }

    /// <param name="destination">The destination, whose update mode or archive setting can require preceding calls; null if its config is not valid.</param>
    public Task<Done> SendAsync(Credential credential, Destination? destination, RenderedRequest request, CancellationToken cancel) =>
        AtTheGateAsync(credential, async (call, waited) =>
        {
            var (last, stopped) = destination is null ? (request, null) : await CallSequence.PrepareAsync(destination, request, call);
            return new Done(last, stopped ?? await call(last), waited);
        }, cancel);

    /// <summary>Reads the owner of the API key, its workspaces, their features, and the workspaces in which the owner is an owner or admin.</summary>
    public Task<ConnectionCheck> CheckAsync(Credential credential, CancellationToken cancel) =>
        AtTheGateAsync(credential, async (call, _) =>
        {
            var api = credential.BaseUrl.AbsoluteUri.TrimEnd('/');
            var user = await call(new RenderedRequest(HttpMethod.Get, new Uri($"{api}/user"), default) { Answer = AnswerShape.Entity });
            if (user.Status != 200) return Refused(user);
            var workspaces = await call(new RenderedRequest(HttpMethod.Get, new Uri($"{api}/workspaces"), default) { Answer = AnswerShape.List });
            if (!user.IsSuccess || AnswerJson.Read(user.Body.Utf8, JsonValueKind.Object) is not { } person) return NoApi(user);
            var who = new ConnectionCheck.Person(Text(person, "id"), Text(person, "name"), Text(person, "email"));
            if (workspaces.Status != 200) return Refused(workspaces) with { User = who };
            if (AnswerJson.Read(workspaces.Body.Utf8, JsonValueKind.Array) is not { } listed) return NoApi(workspaces) with { User = who };
            // The list of workspaces does not contain the role of the key's owner.
            var managed = await call(new RenderedRequest(HttpMethod.Get, new Uri($"{api}/workspaces?roles=OWNER&roles=WORKSPACE_ADMIN"), default) { Answer = AnswerShape.List });
            var admin = managed.IsSuccess ? AnswerJson.Read(managed.Body.Utf8, JsonValueKind.Array)?.EnumerateArray().Select(workspace => Text(workspace, "id")).ToHashSet() : null;
            var found = listed.EnumerateArray().Select(workspace => (Workspace: workspace, Access: new WorkspaceAccess(Text(workspace, "id") ?? "", Features(workspace), admin?.Contains(Text(workspace, "id"))))).ToArray();
            credential.Access.Remember([.. found.Select(one => one.Access)], time.GetUtcNow());
            return new ConnectionCheck(
                true, who, [.. found.Select(one => new ConnectionCheck.Workspace(one.Access.WorkspaceId, Text(one.Workspace, "name"), one.Access.IsAdmin, AccessCheck.Unavailable(one.Access)))], user.Status, "The key works.");
        }, cancel);

    /// <summary>Makes several calls under one gate. The calls may only be lookups.</summary>
    /// <param name="act">Receives a function that makes one call.</param>
    public Task<T> CallAsync<T>(Credential credential, Func<Func<RenderedRequest, Task<CallResult>>, Task<T>> act, CancellationToken cancel) => AtTheGateAsync(credential, (call, _) => act(call), cancel);

    /// <summary>Runs an action while no instance sends for the credential.</summary>
    public async Task<T> WithoutSenderAsync<T>(Credential credential, Func<Task<T>> act, CancellationToken cancel)
    {
        try
        {
            return await AtTheGateAsync(credential, (_, _) => act(), cancel);
        }
        catch (Exception nobody) when (nobody is SuspendedException or ExhaustedException)
        {
            return await act();
        }
    }

    private async Task<T> AtTheGateAsync<T>(Credential credential, Func<Func<RenderedRequest, Task<CallResult>>, TimeSpan, Task<T>> act, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            switch (await keeper.EnterAheadAsync(credential, either.Token))
            {
                case GateEntry.Suspended suspended:
                    throw new SuspendedException(suspended.Reason);
                case GateEntry.Exhausted exhausted:
                    throw new ExhaustedException(exhausted.For);
                case GateEntry.Entered { Gate: var gate }:
                    try
                    {
                        await using (gate) return await act(request => CallAsync(gate, credential, request, either.Token), time.GetElapsedTime(started));
                    }
                    finally
                    {
                        // Tickets that arrived meanwhile found the gate held, so a new ticket is needed. The person does not wait for it to be sent.
                        _ = AskForDrainAsync(credential);
                    }

                default:
                    throw new NoTurnException();
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new NoTurnException(); // Too late, or the gate was lost before the call.
        }
    }

    private async Task AskForDrainAsync(Credential credential)
    {
        try
        {
            await tickets.SendAsync(credential.Name, CancellationToken.None);
        }
        catch (Exception noTicket)
        {
            log.LogWarning("{Reason}", noTicket.Message);
        }
    }

    private async Task<CallResult> CallAsync(Gate gate, Credential credential, RenderedRequest request, CancellationToken cancel)
    {
        Permit permit;
        try
        {
            permit = await gate.PermitAsync(cancel, request.Url.Authority);
        }
        catch (OperationCanceledException) when (gate.Exhausted.IsCancellationRequested)
        {
            throw new ExhaustedException(gate.ExhaustedFor);
        }

        // No cancellation: after the request is sent, its result must be shown to the person.
        var result = await client.SendAsync(credential, request, CancellationToken.None);
        gate.Completed(permit);
        if (result.Status == TooManyRequests) gate.Pause(result.RetryAfter ?? ThrottlePause);
        return result;
    }

    private static ConnectionCheck NoApi(CallResult answer) => new(false, null, [], answer.Status, "Something answers there, but it is not the Clockify API. Is the credential's base URL right?");

    private static ConnectionCheck Refused(CallResult answer) => new(
        false, null, [], answer.Status == 0 ? null : answer.Status,
        answer.Status switch
        {
            0 => $"No usable answer: {answer.Error}.",
            401 or 403 => $"{AnswerText.DescribeRefusedKey(answer.Status, JsonPeek.Number(answer.Body.Utf8, "code"))}. Check that the key is complete and belongs to this API address.",
            TooManyRequests => "Clockify answered that too many requests were made. Check whether another program uses this key.",
            var status => $"The API answered with status {status}.",
        });

    private static HashSet<string>? Features(JsonElement workspace) =>
        workspace.ValueKind == JsonValueKind.Object && workspace.TryGetProperty("features", out var features) && features.ValueKind == JsonValueKind.Array
            ? [.. features.EnumerateArray().Where(feature => feature.ValueKind == JsonValueKind.String).Select(feature => feature.GetString()!)]
            : null;

    private static string? Text(JsonElement of, string member) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
