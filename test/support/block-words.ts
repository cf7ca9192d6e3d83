/**
 * The words in blocks that a Chinese page has in Chinese. Everything else in its blocks equals the English page.
 * The words do not change what a block does, except for the names of template files and the address of the
 * runbooks.
 */
export const BLOCK_WORDS: readonly (readonly [english: string, chinese: string])[] = [
  [
    'TEMPLATE=sag-app.tmpl # For Chinese: sag-app.zh-CN.tmpl',
    'TEMPLATE=sag-app.zh-CN.tmpl # 英文消息：sag-app.tmpl',
  ],
  [
    'TEMPLATE=dingtalk.tmpl # For Chinese: dingtalk.zh-CN.tmpl',
    'TEMPLATE=dingtalk.zh-CN.tmpl # 英文消息：dingtalk.tmpl',
  ],
  ["sag-app-exporter/docs/runbooks'", "sag-app-exporter/docs/zh-CN/runbooks'"],
  ["'SAG APP instance test-office is full'", "'SAG APP 实例 test-office 的客户端账号已满'"],
  ["'This is a test.'", "'这是一条测试消息。'"],
  ["--comment='maintenance of the firewall'", "--comment='防火墙维护'"],
  ["--comment='new key is asked for'", "--comment='正在申请新的访问密钥'"],
  ["--comment='slow until the quota is raised'", "--comment='等待提升配额'"],
  ["--comment='permission is asked for'", "--comment='正在申请权限'"],
  ["--comment='exporter moves to another cluster'", "--comment='exporter 正在迁移到其他集群'"],
  ["--comment='machine is updated'", "--comment='机器升级'"],
  ["--comment='ticket with the cloud is open'", "--comment='已向阿里云提交工单'"],
  ["--comment='policy is being changed'", "--comment='正在修改权限策略'"],
  ["--comment='configuration is being corrected'", "--comment='正在修正配置'"],
  ["--comment='more memory for Prometheus is ordered'", "--comment='正在为 Prometheus 扩容内存'"],
  ["--comment='build machine, wanted'", "--comment='构建机，需要长期在线'"],
  ["--comment='a cluster is being moved'", "--comment='正在迁移集群'"],
  ["--comment='the number of shards is being changed'", "--comment='正在调整分片数'"],
  ["--comment='a larger volume is ordered'", "--comment='正在申请更大的存储卷'"],
  ["--comment='is given up'", "--comment='不再续费'"],
  ["--comment='migration uses the quota'", "--comment='数据迁移占用了配额'"],
  ["--comment='backup of this month, agreed'", "--comment='本月备份，已确认'"],
  ["--comment='import of users is over'", "--comment='批量导入已结束'"],
  ["--comment='more accounts are ordered'", "--comment='正在增购客户端账号'"],
];
