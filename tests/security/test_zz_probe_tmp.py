"""Probes: print findings."""
import base64, json, pytest
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from app.accounts.service.identity import AccountsIdentity
from app.adapters.clock import SetClock
from app.ports import Deps
from app.core.fix import to_ms
from tests.attendance.desk import Desk
from tests.factories import NOW, World, HQ, NORTH_M
from app.accounts.models import Person
from app.privacy.models import SwitchEvent
from app.accounts.service import hooks
from app.privacy.service.switches import on_device_enrolled, on_people_left
from app.privacy.service.projection import on_groups_changed

@pytest.fixture
def desk(database, settings):
    hooks.groups_changed.join(on_groups_changed); hooks.people_left.join(on_people_left); hooks.device_enrolled.join(on_device_enrolled)
    w=World(database); w.instruction()
    from redis import Redis
    Redis.from_url(settings.redis_url).flushdb()
    return Desk(w, Deps(settings=settings, database=database, clock=SetClock(NOW), identity=AccountsIdentity(database, settings)))

def cur(*key): return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")

def test_fuzz_dates(desk):
    m = desk.member("owner")
    e = desk.member("employee")
    U=str(uuid4())
    period="since=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z"
    bad=[]
    def go(who, method, path, **kw):
        a=who.client.open("/api/v1"+path, method=method, **kw)
        print(a.status_code, method, path[:90], (a.text[:100] if a.status_code>=500 else ""))
        if a.status_code>=500: bad.append((method,path,kw))
    for c in [cur("0001-01-01T00:00:00+23:59",U),cur("9999-12-31T23:59:59-23:59",U),cur("0001-01-01T00:00:00",U),cur("2026-01-01T00:00:00+00:00",U,"x"),cur("2026-01-01",U),cur("\ud800"),cur("9"*400), cur("2026-W01-1T00+00:00",U)]:
        for p in ["/stays?"+period,"/punches?"+period,"/punches/missing?"+period,"/me/switch/events?x=1".replace("?x=1","?limit=5"),"/workdays?first=2026-01-01&last=2026-01-02","/corrections?limit=5","/people?limit=5","/exports?limit=3","/me/views?limit=4","/fences?limit=3","/sessions?limit=4","/shifts?limit=4","/working-windows?limit=4","/devices?limit=4","/members?limit=3","/groups?limit=2","/sites?limit=3"]:
            go(m,"GET",p+"&cursor="+c)
    for d in ["0001-01-01","0001-01-02","9999-12-31","9999-12-30"]:
        go(m,"GET",f"/workdays/{m.person_id}?on={d}")
        go(m,"GET",f"/workdays?first={d}&last={d}")
        go(m,"GET",f"/privacy/refusals?from={d}&until={d}")
        go(m,"GET",f"/corrections?first={d}&last={d}")
        go(m,"POST","/exports",json={"kind":"workdays","format":"csv","first":d,"last":d})
        go(m,"POST","/exports",json={"kind":"stays","format":"ical","first":d,"last":d})
        go(m,"POST","/workdays/approve",json={"first":d,"last":d})
        go(m,"POST","/corrections",json={"worked_on":d,"kind":"add","since":"2026-06-01T00:00:00Z","until":"2026-06-01T01:00:00Z","reason":"x"})
        go(m,"POST","/corrections",json={"worked_on":d,"kind":"add","since":"1900-06-01T00:00:00Z","until":"1900-06-01T01:00:00Z","reason":"x"})
        go(m,"POST","/me/questions/answer",json={"worked_on":d,"kind":"left_assumed","at":"1900-06-01T00:00:00Z","reason":"x"})
        go(m,"POST","/working-windows",json={"weekdays":[1],"starts_at":"00:00","ends_at":"00:00","valid_from":d,"person_id":str(e.person_id)})
        go(m,"POST","/working-windows",json={"weekdays":[1],"starts_at":"00:00","ends_at":"00:00","valid_until":d,"person_id":str(e.person_id)})
        go(m,"POST","/shifts",json={"name":"x","weekdays":[1],"starts_at":"00:00","ends_at":"00:00","valid_from":"2026-01-01","valid_until":d,"person_id":str(e.person_id)})
        go(m,"GET",f"/shifts?person_id={e.person_id}")
        go(e,"GET","/working-windows"); go(m,"GET","/working-windows")
        for _ in range(1): print(desk.work())
    for s,u in [("1900-01-01T00:00:00Z","2999-12-31T00:00:00Z")]:
        go(m,"GET",f"/stays?since={s}&until={u}"); go(m,"GET",f"/punches?since={s}&until={u}"); go(m,"GET",f"/punches/missing?since={s}&until={u}")
    for z in ["../../etc/passwd","/etc/passwd","a\x00b","Europe","posix/Europe/Amsterdam","localtime","UTC"+"\u0000", "Europe/Amsterdam/","tzdata.zi","zone.tab","right/UTC"]:
        go(m,"POST","/working-windows",json={"weekdays":[1],"starts_at":"00:00","ends_at":"00:00","timezone":z,"person_id":str(e.person_id)})
        go(m,"POST","/sites",json={"name":"s"+uuid4().hex,"timezone":z})
    # text growth in nested/list
    go(m,"POST","/sites",json={"name":"\U0001d160"*199+"a"})
    go(m,"POST","/people",json={"name":"x","employee_number":"\u0958"*50})
    go(m,"POST","/people",json={"name":"x","email":"\u0130"*30+"@example.org"})
    go(m,"POST","/people",json={"name":"x","email":"A\u0345b\u03a3@example.org"})
    go(m,"POST","/people",json={"name":"x","telephone":"(0)"*13})
    go(m,"POST","/sites",data=b'{"name":'+b'['*60000,content_type="application/json")
    go(m,"POST","/sites",data=b'{"name":"\\ud800"}',content_type="application/json")
    go(m,"POST","/sites",data=b'{"name":"a","\\u0000":1}',content_type="application/json")
    go(m,"POST","/sites",data=b'{"name":"a","\\u0000":1}',content_type="application/json; charset=utf-16")
    go(m,"POST","/sites",data=b'\xff\xfe',content_type="application/json")
    go(m,"POST","/sites",json={"name":"x"},headers={"Idempotency-Key":"a"*201}); go(m,"POST","/sites",json={"name":"x"},headers={"Idempotency-Key":""})
    go(m,"POST","/sites?\xff=%ff%00",json={"name":"xx"},headers={"Idempotency-Key":"kk"})
    go(m,"GET","/people?q=%00"); go(m,"GET","/people?q=%ff%fe"); go(m,"GET","/people?limit=1e2"); go(m,"GET","/people?limit=99999999999999999999999")
    go(m,"GET","/presence?q=%25"); go(m,"GET","/people?q=%5C")
    go(m,"POST","/people/import",data=b"name\n\"a",content_type="text/csv"); go(m,"POST","/people/import",data=("name,email\n"+"a,"+"x"*140000+"@e.org").encode(),content_type="text/csv")
    go(m,"POST","/people/import",data=b"name\r\ra",content_type="text/csv")
    go(m,"POST","/people/import",data="name,employee_number\n\ud7ff,\U0001d160\n".encode(),content_type="text/csv")
    print("BAD", bad)
    assert not bad

def test_pings_fuzz(desk):
    p=desk.world.phone(); desk.world.circle()
    c=desk.app.test_client(); H={"Authorization":"Bearer "+p.token}
    bad=[]
    for t in ["0001-01-01T00:00:00+23:59","9999-12-31T23:59:59.999999-23:59","2026-06-03T12:00:00+23:59:59.999999","2026-W23-3T12:00+00:00","20260603T120000Z"]:
        a=c.post("/api/v1/pings",headers=H,json={"pings":[{"recorded_at":t,"latitude":1,"longitude":10**5}]}); print(a.status_code,a.text[:200]); bad+= [t] if a.status_code>=500 else []
        a=c.post("/api/v1/pings",headers=H,json={"pings":[{"recorded_at":t,"latitude":1,"longitude":10}]}); print(a.status_code,a.text[:200]); bad+= [t] if a.status_code>=500 else []
        a=c.post("/api/v1/ingest/traccar/"+p.token,json={"lat":1,"lon":2,"timestamp":t,"valid":[],"mock":{}}); print(a.status_code); bad+= [t] if a.status_code>=500 else []
    for b in [b'{"pings":'+b'['*100000, b'{"pings":[{"latitude":1'+b'0'*5000+b'}]}', b'{"pings":[{"id":"\\ud800"}]}', b'{"pings":[1,null,[],"x"]}', b'{"\\u0000":1,"pings":[]}',b'{"52.09":1,"pings":[]}']:
        a=c.post("/api/v1/pings",headers=H,data=b,content_type="application/json"); print(a.status_code,a.text[:150]); bad+=[b[:20]] if a.status_code>=500 else []
        for ct in ("application/json","text/plain"):
            a=c.post("/api/v1/ingest/traccar/"+p.token,data=b,content_type=ct); bad+=[b[:20]] if a.status_code>=500 else []
        ba={"Authorization":"Basic "+base64.b64encode(f"x:{p.token}".encode()).decode()}
        a=c.post("/api/v1/ingest/owntracks",headers=ba,data=b); bad+=[b[:20]] if a.status_code>=500 else []
    for auth in ["Basic %%%","Basic "+base64.b64encode(b"\xff\xfe:\xff").decode(),"Bearer \xff","Bearer","Bearer m1.","Bearer m999999999999999999."+"a"*43,"Digest x","bearer  "+p.token]:
        a=c.post("/api/v1/pings",headers={"Authorization":auth},json={"pings":[]}); print(a.status_code,auth[:20]); bad+=[auth] if a.status_code>=500 else []
    assert not bad, bad

def test_privacy_leaks(desk):
    w=desk.world; p=w.phone(); fence=w.circle()
    # real ledger so rewrite keeps it
    w.add(SwitchEvent(person_id=p.person_id,kind="on",at=NOW-timedelta(days=10),channel="member",notice_version="1",notice_sha256="x"*64,locale="en"),
          SwitchEvent(person_id=p.person_id,kind="device",device_id=p.device_id,at=NOW-timedelta(days=10)+timedelta(milliseconds=1),channel="member"))
    m=desk.member("manager")
    me=desk.member("employee",person_id=p.person_id)
    c=desk.app.test_client(); H={"Authorization":"Bearer "+p.token}
    def ping(at,n=0):
        desk.at(at)
        a=c.post("/api/v1/pings",headers=H,json={"pings":[{"recorded_at":at.isoformat(),"latitude":HQ[0]+n*NORTH_M,"longitude":HQ[1],"accuracy_m":10}]}); return a.get_json()["results"][0]
    t=NOW-timedelta(hours=2)
    for i in range(10): ping(t+timedelta(minutes=i))
    print("before", m.get("/presence")["fences"], m.get("/stays",since="2026-01-01T00:00:00Z",until="2027-01-01T00:00:00Z")["items"])
    desk.at(t+timedelta(minutes=10)); print(me.post("/me/switch/off",{},200) if False else me.client.post("/api/v1/me/switch/off").get_json())
    print(desk.work())
    print("refused", ping(t+timedelta(minutes=11)))
    print("after", m.get("/presence")["fences"], m.get("/stays",since="2026-01-01T00:00:00Z",until="2027-01-01T00:00:00Z")["items"])
    sid=m.get("/stays",since="2026-01-01T00:00:00Z",until="2027-01-01T00:00:00Z")["items"][0]["id"]
    print("why", m.get(f"/stays/{sid}"))
    print("refusals", m.client.get("/api/v1/privacy/refusals?from=2026-06-03&until=2026-06-03").get_json())
    r=m.post("/punches",{"kind":"in","client_id":"a1","person_id":str(p.person_id),"note":"n","fix":{"recorded_at":desk.clock.now().isoformat(),"latitude":1.0,"longitude":1.0}})
    print("PUNCH FIX", r["fix"])
    print("wd", m.get(f"/workdays/{p.person_id}",on="2026-06-03"))
    # on again
    desk.at(t+timedelta(minutes=15)); print(me.client.post("/api/v1/me/switch/on",json={"notice_version":"1","locale":"en"}).get_json()); desk.work()
    for i in range(16,26): print(ping(t+timedelta(minutes=i))["status"], end=" ")
    print("again", m.get("/presence")["fences"], m.get("/stays",since="2026-01-01T00:00:00Z",until="2027-01-01T00:00:00Z")["items"])
    from app.outbox.models import LiveEvent
    for e in w.rows(LiveEvent): print("LIVE", e.kind, e.person_id==p.person_id, e.body)

def test_rate_limit_cookie(desk):
    m=desk.member("manager")
    codes=[]
    for i in range(35):
        codes.append(m.client.post("/api/v1/enrolments",json={"name":"x","person_id":str(m.person_id)},headers={"Authorization":f"Bearer x{i}"}).status_code)
    print(codes)

def test_manager_leaves_owner(desk):
    o=desk.member("owner"); o2=desk.member("owner"); m=desk.member("manager")
    print(m.client.post(f"/api/v1/people/{o.person_id}/leave").status_code, o.client.get("/api/v1/session").status_code)

def test_consent_by_manager(desk):
    w=desk.world; p=w.phone(on=[]); m=desk.member("manager"); 
    code=m.post("/enrolments",{"name":"x","person_id":str(p.person_id)})["code"]
    c=desk.app.test_client()
    tok=c.post("/api/v1/devices",json={"code":code}).get_json()["token"]
    a=c.post("/api/v1/me/switch/on",json={"notice_version":"1","locale":"en"},headers={"Authorization":"Bearer "+tok}); print(a.get_json(), p.device_id)
    w.circle()
    desk.clock.move(timedelta(seconds=5))
    a=c.post("/api/v1/pings",headers={"Authorization":"Bearer "+p.token},json={"pings":[{"recorded_at":desk.clock.now().isoformat(),"latitude":HQ[0],"longitude":HQ[1],"accuracy_m":10}]}); print("VICTIM PHONE", a.get_json())

def test_export_after_demotion(desk):
    from app.accounts.models import Member
    m=desk.member("manager"); e=desk.member("employee",name="Victim")
    x=m.post("/exports",{"kind":"workdays","format":"json","first":"2026-06-01","last":"2026-06-02"}); print(desk.work())
    with desk.world.database.tenant(desk.world.organization_id) as s:
        s.query(Member).filter_by(organization_id=desk.world.organization_id,person_id=m.person_id).update({"roles":["employee"]})
    print(m.client.get(f"/api/v1/exports/{x['id']}/file").status_code)
